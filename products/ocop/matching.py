"""Finds the products, producers and units that the rows of an annex name."""

import dataclasses
import re
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db.models import Q

from districts.models import Level
from geodata.text import fold
from products.register.importing.unit_names import UnitNames
from products.register.models import Category, Producer

from .models import Product

# Abbreviations in names of producers, folded, as they are written out.
_WRITTEN_OUT = {
    "htx": "hop tac xa",
    "cty": "cong ty",
    "ct": "cong ty",
    "cp": "co phan",
    "ctcp": "cong ty co phan",
    "dv": "dich vu",
    "sx": "san xuat",
    "tm": "thuong mai",
    "nn": "nong nghiep",
    "dvnn": "dich vu nong nghiep",
    "dvth": "dich vu tong hop",
    "hkd": "ho kinh doanh",
    "cs": "co so",
    "cssx": "co so san xuat",
}
# Candidates that are offered for one row.
MAX_CANDIDATES = 8


def producer_key(name):
    """Return the text by which names of producers are compared.

    Folded, abbreviations written out, without "và" and explanations in brackets.
    """
    words = fold(re.sub(r"\(.*?\)", " ", name)).split()
    return " ".join(_WRITTEN_OUT.get(word, word) for word in words if word != "va")


@dataclasses.dataclass
class Match:
    """What a row names.

    product: found by its code, or the only one of that name and producer, else None. candidates:
    products to choose from. producer: the only one of that name, or None.
    """

    product: Product | None
    candidates: list[Product]
    producer: Producer | None


# Ids of rows, as forms contain them.
ID = re.compile(r"[0-9]{1,18}")


class Matcher:
    """Finds products and producers for a number of rows, with few queries.

    user: sees public records, and those that he or she may edit. rows: AnnexRows, or objects with
    the same code, name and producer; `match` is the id of a product that was chosen before.
    """

    def __init__(self, user, rows):
        slugs = {fold(row.name).replace(" ", "-") for row in rows if row.name}
        codes = {row.code.strip().upper() for row in rows if row.code}
        chosen = {int(key) for row in rows if ID.fullmatch(key := getattr(row, "match", ""))}
        self.producers = defaultdict(list)
        seen = Producer.objects.visible_to(user)
        for producer in seen.only("pk", "code", "name", "state"):
            self.producers[producer_key(producer.name)].append(producer)
        makers = {
            producer.pk for row in rows for producer in self.producers[producer_key(row.producer)]
        }
        found = Product.objects.visible_to(user).filter(
            Q(slug__in=slugs) | Q(code__in=codes) | Q(producer__in=makers) | Q(pk__in=chosen)
        )
        self.products = list(
            found.select_related("producer", "commune", "old_commune")
            .prefetch_related("ratings__source", "ratings__decision")
            .order_by("name", "code")
        )

    def match(self, row):
        """Return the Match of a row."""
        code = row.code.strip().upper()
        makers = self.producers[producer_key(row.producer)] if row.producer else []
        producer = makers[0] if len(makers) == 1 else None
        name, maker = fold(row.name), producer_key(row.producer)
        same_name = [product for product in self.products if fold(product.name) == name]
        exact = [
            product
            for product in same_name
            if maker and product.producer and producer_key(product.producer.name) == maker
        ]
        by_code = [product for product in self.products if code and product.code == code]
        similar = [
            product
            for product in self.products
            if product not in same_name
            and product.producer in makers
            and _share_words(fold(product.name), name)
        ]
        before = [p for p in self.products if str(p.pk) == getattr(row, "match", "")]
        candidates = list(dict.fromkeys([*before, *by_code, *exact, *same_name, *similar]))
        chosen = by_code or exact
        product = chosen[0] if len(chosen) == 1 else None
        return Match(product, candidates[:MAX_CANDIDATES], producer)


def _share_words(one, other):
    """Whether all words of the shorter of two folded names are in the longer one."""
    shorter, longer = sorted((set(one.split()), set(other.split())), key=len)
    return bool(shorter) and shorter <= longer


class Places:
    """Finds communes and categories by their names in an annex."""

    def __init__(self):
        self._units = UnitNames()
        self._categories = {
            fold(category.name): category
            for category in Category.objects.filter(scheme=Category.Scheme.QD148)
        }

    def unit(self, commune, district):
        """Return {"declared_commune": …, "declared_district": …} of the names, "" for unknown.

        The commune may lack its kind. Raises ValidationError if a name is of no unit or of several.
        """
        parent = self._units.find(Level.DISTRICT, district) if district else None
        if not commune:
            return {"declared_commune": None, "declared_district": parent}
        found = self._commune(commune, parent)
        return {"declared_commune": found, "declared_district": None}

    def _commune(self, name, district):
        kinds = ("", "xã ", "phường ", "thị trấn ")
        first = None
        for kind in kinds:
            try:
                return self._units.find(Level.COMMUNE, kind + name, district)
            except ValidationError as error:
                first = first or error
        raise first

    def category(self, text):
        """Return the category of a text such as "Nhóm thực phẩm", None if it is not recognised."""
        plain = re.sub(r"^(nhom|nganh|bo)( san pham| hang)? ", "", fold(text))
        return self._categories.get(plain) or self._categories.get(fold(text))

"""Types of products: their words find products, and officials edit them."""

import json
import re
import subprocess

import pghistory
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from geodata import importing
from products.ocop.importing import load_products
from products.ocop.models import Ingredient, Product
from products.register import history, proposals
from products.register.importing.product_types import load_product_types
from products.register.models import ProductType, Proposal
from tests.factories import (
    UNTIL_THE_CHANGE,
    CategoryFactory,
    IngredientFactory,
    ProducerFactory,
    ProductFactory,
    ProductTypeFactory,
    UnitFactory,
    UserFactory,
    at,
    editor_of,
    publisher_of,
    square,
)
from tests.products.test_conflicts import form_data
from tests.versions import next_transaction

pytestmark = pytest.mark.django_db

FILTERS_JS = settings.BASE_DIR / "frontend/static/frontend/js/map/filters.js"


def found(text):
    return sorted(Product.objects.search(text).values_list("name", flat=True))


@pytest.fixture
def province():
    return UnitFactory(code=settings.PLACE.province_code, area=square(108.9, 11.5, 0.2))


@pytest.fixture
def publisher(client, province):
    user = publisher_of(province)
    client.force_login(user)
    return user


@pytest.fixture
def grape():
    return ProductTypeFactory(
        code="grape", name="nho", name_en="grape", synonyms_vi="trái nho", synonyms_en="grapes"
    )


@pytest.fixture
def wine():
    return ProductTypeFactory(code="wine", name="rượu vang", name_en="wine")


@pytest.fixture
def red(grape):
    """A product whose own name contains no word of its type."""
    return ProductFactory(code="MAU-SP-1", name="Red Cardinal", type=grape, published=True)


@pytest.fixture
def vang(wine, grape):
    product = ProductFactory(code="MAU-SP-2", name="Vang 39", type=wine, published=True)
    IngredientFactory(product=product, type=grape)
    return product


# --- search --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("grape", ["Red Cardinal", "Vang 39"]),
        ("Grapes", ["Red Cardinal", "Vang 39"]),
        ("trai nho", ["Red Cardinal", "Vang 39"]),
        ("wine", ["Vang 39"]),
        ("wine grape", ["Vang 39"]),
        ("rượu", ["Vang 39"]),
    ],
)
def test_the_words_of_type_and_ingredients_find_a_product(red, vang, text, names):
    ProductFactory(name="Muối hạt")

    assert found(text) == names


def test_changing_an_ingredient_changes_what_is_found(red, vang):
    apple = ProductTypeFactory(name="táo", name_en="apple")
    ingredient = vang.ingredients.get()

    ingredient.type = apple
    ingredient.save()
    assert (found("grape"), found("apple")) == (["Red Cardinal"], ["Vang 39"])
    ingredient.delete()
    assert found("apple") == []
    red.made_from.add(apple)
    assert found("apple") == ["Red Cardinal"]


def test_editing_the_synonyms_of_a_type_changes_what_is_found(client, publisher, grape, red, vang):
    page = reverse("admin:register_producttype_change", args=[grape.pk])
    next_transaction()

    response = client.post(
        page, form_data(client, grape) | {"synonyms_en": " grapes ;; muscat;"}, follow=True
    )

    assert response.redirect_chain
    grape.refresh_from_db()
    assert grape.synonyms_en == "grapes; muscat"
    assert found("muscat") == ["Red Cardinal", "Vang 39"]
    # Nobody has edited the products: a file of the project may still correct them.
    red.refresh_from_db()
    assert (red.version, Product.objects.edited_by_people().exists()) == (1, False)


def test_the_browser_searches_the_same_text_as_the_database(client, province, grape):
    apple = ProductTypeFactory(
        code="apple", name="táo", name_en="apple", synonyms_vi="táo ta", synonyms_en="jujube"
    )
    commune = UnitFactory(name="An Hậu", validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5))
    product = ProductFactory(
        name="Mứt Đặc biệt",
        name_en="Jam",
        producer=ProducerFactory(name="HTX Ví Dụ", published=True),
        type=grape,
        declared_commune=commune,
        published=True,
    )
    IngredientFactory(product=product, type=grape)
    IngredientFactory(product=product, type=apple)
    product.refresh_from_db()
    feature = client.get(f"/api/v1/collections/products/items/{product.code}?f=json").json()
    page = client.get("/").content.decode()
    index = json.loads(
        page.partition('<script type="application/json" id="index">')[2].split("<")[0]
    )
    program = (
        f"import {{ prepare }} from {json.dumps(FILTERS_JS.as_uri())};"
        f"import {{ formsOf }} from {json.dumps((FILTERS_JS.parent / 'search.js').as_uri())};"
        "let text = ''; for await (const piece of process.stdin.setEncoding('utf8')) text += piece;"
        "const { feature, types } = JSON.parse(text);"
        "process.stdout.write(formsOf(prepare(feature, new Map(), types)).searchText);"
    )

    ran = subprocess.run(
        ["node", "--input-type=module", "--eval", program],
        input=json.dumps({"feature": feature, "types": index["types"]}),
        capture_output=True,
        text=True,
        check=True,
    )

    assert "tao ta apple jujube" not in product.search_text
    assert ran.stdout == product.search_text


# --- API -----------------------------------------------------------------------------------


def test_features_state_the_type_and_what_a_product_is_made_from(items, red, vang):
    vang.made_from.add(ProductTypeFactory(code="apple"))
    plain = ProductFactory(code="MAU-SP-3", published=True)
    shown = {
        one["id"]: [one["properties"][name] for name in ("type", "type_name", "made_from")]
        for one in items("products").json()["features"]
    }

    assert shown == {
        red.code: ["grape", "nho", None],
        vang.code: ["wine", "rượu vang", "apple; grape"],
        plain.code: [None, None, None],
    }


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("type=wine", ["MAU-SP-2"]),
        ("type=grape", ["MAU-SP-1"]),
        ("filter=type IN ('wine','grape')", ["MAU-SP-1", "MAU-SP-2"]),
        ("filter=made_from='grape'", ["MAU-SP-2"]),
        ("type=beer", []),
        ("q=grape&type=wine", ["MAU-SP-2"]),
        ("sortby=-type", ["MAU-SP-2", "MAU-SP-1"]),
    ],
)
def test_the_api_filters_and_sorts_by_type(items, red, vang, query, codes):
    response = items("products", query)

    assert [one["id"] for one in response.json()["features"]] == codes


# --- the page of a product -----------------------------------------------------------------


def facts(client, address):
    page = client.get(address).content.decode()
    return " ".join(page.partition('<dl class="facts">')[2].partition("</dl>")[0].split())


def test_the_page_states_the_type_and_that_it_is_inferred(client, red):
    vietnamese = facts(client, red.get_absolute_url())
    english = facts(client, f"/en{red.get_absolute_url()}")

    assert '<dt>Loại</dt> <dd>Nho <span class="basis">tự phân loại</span> </dd>' in vietnamese
    assert "<dd>Grape <span" in english


def test_a_type_chosen_by_an_official_is_not_called_inferred(client, red, clear_caches):
    Product.objects.filter(pk=red.pk).update(type_basis="stated")

    assert "<dt>Loại</dt> <dd>Nho </dd>" in facts(client, red.get_absolute_url())


# --- officials -----------------------------------------------------------------------------


def change_page(product):
    return reverse("admin:ocop_product_change", args=[product.pk])


def draft_of(type=None):
    return ProductFactory(name="Vang", type=type, point=at(108.95, 11.55), position="map")


def test_a_type_that_an_official_chooses_is_not_inferred(client, publisher, grape, wine):
    draft = draft_of(grape)
    unchanged = draft_of(grape)
    for product, chosen in ((draft, wine), (unchanged, grape)):
        next_transaction()
        client.post(change_page(product), form_data(client, product) | {"type": chosen.pk})
        product.refresh_from_db()

    assert (draft.type, draft.type_basis) == (wine, "stated")
    assert (unchanged.type, unchanged.type_basis) == (grape, "inferred")


def test_ingredients_are_edited_with_the_product_and_restored_with_it(client, publisher, grape):
    draft = draft_of()
    next_transaction()

    row = {"ingredients-TOTAL_FORMS": "1", "ingredients-0-type": grape.pk}
    client.post(change_page(draft), form_data(client, draft) | row)

    draft.refresh_from_db()
    assert (list(draft.made_from.all()), draft.version) == ([grape], 2)
    before, _after = history.versions(draft)
    next_transaction()
    history.restore(draft, before, by=publisher, base_version=2)
    assert list(draft.made_from.all()) == []


def test_an_ingredient_twice_is_an_error_of_the_form(client, publisher, grape):
    draft = draft_of()
    rows = {
        "ingredients-TOTAL_FORMS": "2",
        "ingredients-0-type": grape.pk,
        "ingredients-1-type": grape.pk,
    }

    response = client.post(change_page(draft), form_data(client, draft) | rows)

    assert response.status_code == 200
    assert not Ingredient.objects.exists()


def test_an_ingredient_of_a_public_product_is_proposed(client, province, grape):
    editor, decider = editor_of(province), publisher_of(province)
    public = ProductFactory(
        name="Vang", point=at(108.95, 11.55), position="map", published=True, type=None
    )
    next_transaction()
    client.force_login(editor)

    row = {"ingredients-TOTAL_FORMS": "1", "ingredients-0-type": grape.pk, "type": grape.pk}
    client.post(change_page(public), form_data(client, public) | row)

    proposal = Proposal.objects.get()
    assert found("grape") == []
    next_transaction()
    proposals.decide(
        proposal, proposals.keys(proposal), by=decider, revision=1, base_version=public.version
    )
    public.refresh_from_db()
    assert (public.type, public.type_basis) == (grape, "stated")
    assert list(public.made_from.all()) == [grape]


def test_a_type_in_use_is_not_deleted(client, publisher, grape, red):
    page = reverse("admin:register_producttype_delete", args=[grape.pk])

    client.post(page, {"post": "yes"})

    assert ProductType.objects.filter(pk=grape.pk).exists()


def test_the_code_of_a_type_cannot_be_changed(client, publisher, grape):
    page = reverse("admin:register_producttype_change", args=[grape.pk])
    next_transaction()

    client.post(page, form_data(client, grape) | {"code": "vine", "name": "nho tươi"})

    grape.refresh_from_db()
    assert (grape.code, grape.name) == ("grape", "nho tươi")


def test_types_are_suggested_by_their_synonyms(client, publisher, grape, wine):
    query = "?app_label=ocop&model_name=product&field_name=type&term=trái"

    answer = client.get(reverse("admin:autocomplete") + query).json()

    assert [one["text"] for one in answer["results"]] == ["nho"]


# --- the files of the project --------------------------------------------------------------

TYPES = """code,name_vi,name_en,synonyms_vi,synonyms_en,group,symbol
grape,nho,grape,trái nho,grapes,thực phẩm,grape
wine,rượu vang,wine,,,,
"""
PRODUCTS = """record_id,product_name,name_basis,producer_name,producer_basis,commune_as_stated,\
district_as_stated,address_as_stated,ocop_star,potential_5_star,recognised_year,\
decision_or_round,recognition_level,product_group,group_basis,sector,sector_basis,source_url,\
source_date,quote_hint,record_status,note,type,type_basis,made_from
MAU-SP-001,Vang,stated,,,,,,3,,2024,,,,,,,https://example.org/1,2024,,distinct,,wine,inferred,grape
"""


@pytest.fixture
def load(tmp_path):
    """`load(read, text)` imports a file of the project with that text; returns the report."""

    def run(read, text):
        next_transaction()
        path = tmp_path / "file.csv"
        path.write_text(text, encoding="utf-8")
        return importing.run("again", path, read)

    return run


def numbers(report):
    assert report.ok, report.problems
    return (report.created, report.updated, report.unchanged, report.retained)


def test_types_are_loaded_once_and_corrected_by_the_next_file(load):
    CategoryFactory(name="thực phẩm")

    assert numbers(load(load_product_types, TYPES)) == (2, 0, 0, 0)
    assert numbers(load(load_product_types, TYPES)) == (0, 0, 2, 0)
    assert numbers(load(load_product_types, TYPES.replace("grapes", "vine"))) == (0, 1, 1, 0)
    grape = ProductType.objects.get(code="grape")
    assert (grape.group.name, grape.symbol, grape.synonyms_en) == ("thực phẩm", "grape", "vine")


def test_a_type_that_an_official_edited_is_not_loaded_again(load):
    CategoryFactory(name="thực phẩm")
    load(load_product_types, TYPES)
    with pghistory.context(user=UserFactory().pk):
        ProductType.objects.filter(code="grape").update(synonyms_en="muscat")

    assert numbers(load(load_product_types, TYPES)) == (0, 0, 1, 1)
    assert ProductType.objects.get(code="grape").synonyms_en == "muscat"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("thực phẩm", "thực phẩn"),
        ("grape,nho", "Grape,nho"),
        ("nho,grape", "nho,"),
        ("wine,rượu vang", "grape,rượu vang"),
        ("rượu vang", "nho"),
        ("trái nho", "trái\u202e nho"),
    ],
)
def test_a_wrong_row_of_types_is_refused_with_its_line(load, before, after):
    CategoryFactory(name="thực phẩm")

    report = load(load_product_types, TYPES.replace(before, after, 1))

    assert [problem.line for problem in report.problems] in ([2], [3])
    assert not ProductType.objects.exists()


def test_a_file_of_products_states_their_types_as_inferred(load, grape, wine):
    assert numbers(load(load_products, PRODUCTS)) == (1, 0, 0, 0)
    assert numbers(load(load_products, PRODUCTS)) == (0, 0, 1, 0)

    product = Product.objects.get()
    assert (product.type, product.type_basis) == (wine, "inferred")
    assert (list(product.made_from.all()), found("grape")) == ([grape], ["Vang"])


def test_a_corrected_file_replaces_type_and_ingredients(load, grape, wine):
    load(load_products, PRODUCTS)

    load(load_products, PRODUCTS.replace("wine,inferred,grape", "grape,inferred,wine"))

    product = Product.objects.get()
    assert (product.type, list(product.made_from.all())) == (grape, [wine])


def test_a_file_without_the_columns_leaves_types_and_ingredients(load, grape, wine):
    load(load_products, PRODUCTS)
    text = PRODUCTS.replace(",type,type_basis,made_from", "").replace(",wine,inferred,grape", "")

    assert numbers(load(load_products, text)) == (0, 0, 1, 0)
    assert (Product.objects.get().type, Ingredient.objects.count()) == (wine, 1)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("beer,inferred,grape", "type"),
        ("wine,guessed,grape", "type_basis"),
        ("wine,inferred,x", "made_from"),
    ],
)
def test_an_unknown_code_in_a_file_of_products_is_refused(load, grape, wine, cells, column):
    report = load(load_products, PRODUCTS.replace("wine,inferred,grape", cells))

    assert [(problem.line, problem.column) for problem in report.problems] == [(2, column)]
    assert not Product.objects.exists()


def test_loading_again_keeps_the_ingredients_that_an_official_edited(load, grape, wine):
    load(load_products, PRODUCTS)
    next_transaction()
    with pghistory.context(user=UserFactory().pk):
        Ingredient.objects.get().delete()
    # The rating, which nobody has edited, is still corrected.
    report = load(load_products, PRODUCTS.replace(",3,,2024,", ",4,,2024,"))

    product = Product.objects.get()
    assert numbers(report) == (0, 1, 0, 1)
    assert (product.made_from.count(), product.ratings.get().stars) == (0, 4)


def test_loading_again_keeps_the_type_that_an_official_chose(load, grape, wine):
    load(load_products, PRODUCTS)
    next_transaction()
    with pghistory.context(user=UserFactory().pk):
        Product.objects.update(type=grape, type_basis="stated")

    load(load_products, PRODUCTS)

    product = Product.objects.get()
    assert (product.type, product.type_basis) == (grape, "stated")


def test_synonyms_have_one_separator():
    kind = ProductType(code="grape", name="nho", name_en="grape", synonyms_vi="a;b ;; c")

    kind.full_clean()

    assert kind.synonyms_vi == "a; b; c"
    with pytest.raises(ValidationError):
        ProductType(code="grape 2", name="nho", name_en="grape").full_clean()


def test_the_page_of_a_product_states_what_it_is_made_from(client, vang):
    def words(address):
        return " ".join(re.sub(r"<[^>]*>", " ", client.get(address).content.decode()).split())

    vang.made_from.add(ProductTypeFactory(code="apple", name="táo", name_en="apple"))

    assert "Làm từ nho, táo tự phân loại" in words(vang.get_absolute_url())
    assert " grape, apple " in words(f"/en{vang.get_absolute_url()}")

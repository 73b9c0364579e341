"""Model factories. Every row has only the values that the database requires."""

import datetime

import factory
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.utils import timezone
from factory.django import DjangoModelFactory

from districts.models import Boundary, Level, Role, Stewardship, Succession, Unit
from geodata.models import AppPassword, SecondFactorReset, Source
from geodata.spans import day_span, span
from products.ocop.models import (
    Decision,
    Ingredient,
    OcopRating,
    Photo,
    Product,
    ProductCertificate,
    ProtectedProduct,
)
from products.places.models import CraftVillage, PlaceName, SalesPoint
from products.register.models import (
    Basis,
    Category,
    Position,
    Producer,
    ProducerCertificate,
    ProductType,
    Season,
    SeasonUnit,
)
from products.register.states import State
from products.rights.models import GoodsType, IpRight

CHANGE = settings.PLACE.units_changed_on
EVER = span(None, None)
UNTIL_THE_CHANGE = span(None, CHANGE)
SINCE_THE_CHANGE = span(CHANGE, None)

LEVELS = {2: Level.PROVINCE, 3: Level.DISTRICT, 5: Level.COMMUNE}
KINDS = {Level.PROVINCE: "tỉnh", Level.DISTRICT: "huyện", Level.COMMUNE: "xã"}


def square(lng, lat, size=0.1):
    """A square of `size` degrees with this south-west corner, counter-clockwise."""
    east, north = round(lng + size, 9), round(lat + size, 9)
    ring = ((lng, lat), (east, lat), (east, north), (lng, north), (lng, lat))
    return MultiPolygon(Polygon(ring), srid=4326)


def at(lng, lat):
    return Point(lng, lat, srid=4326)


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    url = factory.Sequence("https://example.org/{}".format)


class UnitFactory(DjangoModelFactory):
    """A unit whose level follows from the length of its code; `area` adds a boundary."""

    class Meta:
        model = Unit
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"{90000 + n}")
    level = factory.LazyAttribute(lambda unit: LEVELS[len(unit.code)])
    kind = factory.LazyAttribute(lambda unit: KINDS[unit.level])
    name = factory.Sequence("Đơn vị {}".format)
    validity = EVER
    source = factory.SubFactory(SourceFactory)

    @factory.post_generation
    def area(unit, create, geometry, **values):
        if geometry:
            BoundaryFactory(unit=unit, geometry=geometry, **values)


class BoundaryFactory(DjangoModelFactory):
    class Meta:
        model = Boundary

    unit = factory.SubFactory(UnitFactory)
    geometry = factory.LazyFunction(lambda: square(109, 11.5))
    source = factory.SubFactory(SourceFactory)


class SuccessionFactory(DjangoModelFactory):
    class Meta:
        model = Succession

    predecessor = factory.SubFactory(UnitFactory, validity=UNTIL_THE_CHANGE)
    successor = factory.SubFactory(UnitFactory, validity=SINCE_THE_CHANGE)
    part = "toàn bộ"
    share = 1
    source = factory.SubFactory(SourceFactory)


# Of every second factor that a factory makes.
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class UserFactory(DjangoModelFactory):
    """A staff user without further permissions; log in with force_login().

    Superusers have a second factor; `second_factor=False` makes one without.
    """

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence("can-bo-{}".format)
    is_staff = True

    @factory.post_generation
    def second_factor(user, create, wanted, **values):
        if user.is_superuser if wanted is None else wanted:
            add_second_factor(user)


def add_second_factor(user):
    """An authenticator app for the user, without which publishers and superusers enter nothing."""
    data = {"secret": TOTP_SECRET}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)


def steward(unit, role, *, second_factor=None):
    """A user with this role in this unit; publishers have a second factor unless it is False."""
    wanted = role >= Role.PUBLISHER if second_factor is None else second_factor
    user = UserFactory(second_factor=wanted)
    Stewardship.objects.create(user=user, unit=unit, role=role)
    return user


def editor_of(unit, **options):
    return steward(unit, Role.EDITOR, **options)


def publisher_of(unit, **options):
    return steward(unit, Role.PUBLISHER, **options)


class AppPasswordFactory(DjangoModelFactory):
    """A row whose password nobody knows; make_app_password() gives one."""

    class Meta:
        model = AppPassword

    user = factory.SubFactory(UserFactory)
    name = "QGIS"
    digest = factory.Sequence("{:064x}".format)


class SecondFactorResetFactory(DjangoModelFactory):
    class Meta:
        model = SecondFactorReset

    user = factory.SubFactory(UserFactory)
    by = factory.SubFactory(UserFactory)
    reason = "Mất điện thoại"


class RecordFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    class Params:
        published = factory.Trait(state=State.PUBLISHED)

    # A separate series; with code="" the model assigns the next code of the real series.
    # Padded, so that codes sort in the order of creation.
    code = factory.Sequence("THU-{:06}".format)
    state = State.DRAFT
    state_reason = factory.LazyAttribute(
        lambda record: "Chủ thể yêu cầu" if record.state == State.WITHDRAWN else ""
    )
    published_at = factory.LazyAttribute(
        lambda record: timezone.now() if record.state == State.PUBLISHED else None
    )
    source = factory.SubFactory(SourceFactory)


class LocatedFactory(RecordFactory):
    class Meta:
        abstract = True

    point = None
    position = factory.LazyAttribute(lambda record: Position.SURVEY if record.point else "")


class ProducerFactory(LocatedFactory):
    class Meta:
        model = Producer

    name = factory.Sequence("Hợp tác xã số {}".format)


class ProductFactory(LocatedFactory):
    class Meta:
        model = Product

    name = factory.Sequence("Sản phẩm số {}".format)
    producer = None
    producer_basis = factory.LazyAttribute(lambda product: Basis.STATED if product.producer else "")
    category = None
    category_basis = factory.LazyAttribute(lambda product: Basis.STATED if product.category else "")
    type = None
    type_basis = factory.LazyAttribute(lambda product: Basis.INFERRED if product.type else "")
    sector = ""
    sector_basis = factory.LazyAttribute(lambda product: Basis.STATED if product.sector else "")


class SalesPointFactory(LocatedFactory):
    class Meta:
        model = SalesPoint

    name = factory.Sequence("Điểm bán số {}".format)
    kind = SalesPoint.Kind.SHOP


class CraftVillageFactory(LocatedFactory):
    class Meta:
        model = CraftVillage

    name = factory.Sequence("Làng nghề số {}".format)
    kind = CraftVillage.Kind.VILLAGE
    craft = "gốm"


class PlaceNameFactory(DjangoModelFactory):
    """A name with a point."""

    class Meta:
        model = PlaceName

    code = factory.Sequence("DD-{}".format)
    name = factory.Sequence("Địa danh {}".format)
    point = Point(109.05, 11.55, srid=4326)
    source = factory.SubFactory(SourceFactory)


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    scheme = Category.Scheme.QD148
    code = factory.Sequence("N{}".format)
    name = factory.Sequence("nhóm {}".format)
    source = factory.SubFactory(SourceFactory)


class ProductTypeFactory(DjangoModelFactory):
    class Meta:
        model = ProductType

    # Letters only: "aa", "ab" …
    code = factory.Sequence(lambda n: f"loai_{chr(97 + n // 26 % 26)}{chr(97 + n % 26)}")
    name = factory.Sequence("loại số {}".format)
    name_en = "thing"


class SeasonFactory(DjangoModelFactory):
    """A season known only in words, unless months or the whole year are given."""

    class Meta:
        model = Season

    type = factory.SubFactory(ProductTypeFactory)
    statement = "vụ Tết"
    source = factory.SubFactory(SourceFactory)


class SeasonUnitFactory(DjangoModelFactory):
    class Meta:
        model = SeasonUnit

    season = factory.SubFactory(SeasonFactory)
    unit = factory.SubFactory(UnitFactory)


class IngredientFactory(DjangoModelFactory):
    class Meta:
        model = Ingredient

    product = factory.SubFactory(ProductFactory)
    type = factory.SubFactory(ProductTypeFactory)


class ProductCertificateFactory(DjangoModelFactory):
    class Meta:
        model = ProductCertificate

    product = factory.SubFactory(ProductFactory)
    kind = "haccp"
    source = factory.SubFactory(SourceFactory)


class ProducerCertificateFactory(DjangoModelFactory):
    class Meta:
        model = ProducerCertificate

    producer = factory.SubFactory(ProducerFactory)
    kind = "vietgap"
    source = factory.SubFactory(SourceFactory)


class DecisionFactory(DjangoModelFactory):
    """A decision signed on the day `on` or within the span `day`."""

    class Meta:
        model = Decision

    class Params:
        on = datetime.date(2024, 12, 10)

    number = factory.Sequence("{}/QĐ-UBND".format)
    issuer = "UBND tỉnh Mẫu"
    day = factory.LazyAttribute(lambda decision: day_span(decision.on))
    source = factory.SubFactory(SourceFactory)


class RatingFactory(DjangoModelFactory):
    """A rating of three stars, decided on the day `on` or within the span `decided`."""

    class Meta:
        model = OcopRating

    class Params:
        on = datetime.date(2024, 12, 10)

    product = factory.SubFactory(ProductFactory)
    stars = 3
    decided = factory.LazyAttribute(lambda rating: day_span(rating.on))
    source = factory.SubFactory(SourceFactory)


class PhotoFactory(DjangoModelFactory):
    """A database row without image files, which tests/products/test_photos.py covers."""

    class Meta:
        model = Photo

    product = factory.SubFactory(ProductFactory)
    image = factory.Sequence("{:032x}.jpg".format)
    width, height = 1600, 1200
    alt = "Giàn nho"
    credit = "Nguyễn Văn A"
    licence = "CC BY 4.0"
    source = factory.SubFactory(SourceFactory)


class IpRightFactory(RecordFactory):
    class Meta:
        model = IpRight

    name = factory.Sequence("Nhãn hiệu số {}".format)
    kind = IpRight.Kind.CERTIFICATION_MARK


class GoodsTypeFactory(DjangoModelFactory):
    class Meta:
        model = GoodsType

    right = factory.SubFactory(IpRightFactory)
    type = factory.SubFactory(ProductTypeFactory)


class ProtectedProductFactory(DjangoModelFactory):
    class Meta:
        model = ProtectedProduct

    right = factory.SubFactory(IpRightFactory)
    product = factory.SubFactory(ProductFactory)
    source = factory.SubFactory(SourceFactory)

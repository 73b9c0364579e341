"""Database constraints refuse invalid rows from any source: one test per constraint."""

import datetime

import pytest
from django.apps import apps
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from districts.models import Boundary, Role, Stewardship, Unit
from geodata.constraints import refusal
from geodata.models import (
    BaseExtract,
    BaseSquare,
    BulkFile,
    Change,
    ImportRun,
    Revision,
    SitePages,
    Source,
    StaleFeature,
)
from geodata.spans import day_span, span
from products.ocop.models import OcopRating, Product
from products.places.models import CraftVillage, SalesPoint
from products.register.models import Category, DailyMail, Position, Producer, Proposal
from products.register.states import State
from products.rights.models import AreaUnit, IpRight
from tests.factories import (
    AppPasswordFactory,
    BoundaryFactory,
    CategoryFactory,
    CraftVillageFactory,
    DecisionFactory,
    GoodsTypeFactory,
    IngredientFactory,
    IpRightFactory,
    PhotoFactory,
    PlaceNameFactory,
    ProducerCertificateFactory,
    ProducerFactory,
    ProductCertificateFactory,
    ProductFactory,
    ProductTypeFactory,
    ProtectedProductFactory,
    RatingFactory,
    SalesPointFactory,
    SeasonFactory,
    SeasonUnitFactory,
    SecondFactorResetFactory,
    SourceFactory,
    SuccessionFactory,
    UnitFactory,
    UserFactory,
    at,
    square,
)

EMPTY = span(datetime.date(2024, 1, 1), datetime.date(2024, 1, 1))
BOW_TIE = MultiPolygon(Polygon(((0, 0), (1, 1), (1, 0), (0, 1), (0, 0))), srid=4326)
DAY = datetime.date(2024, 6, 15)

# Constraint name → a function that violates it. update() and create() bypass forms and clean().
REFUSED = {}


def refused(*names):
    def note(act):
        for name in names:
            assert name not in REFUSED
            REFUSED[name] = act
        return act

    return note


# --- geodata -------------------------------------------------------------------------------


@refused("bulk_file_has_one_size")
def a_file_measured_twice():
    BulkFile.objects.create(collection="products", format="csv", bytes=1)
    BulkFile.objects.create(collection="products", format="csv", bytes=2)


@refused("base_square_is_stored_once")
def a_square_drawn_twice():
    extract = BaseExtract.objects.create(file_name="a.osm", version="1", box=[0, 0, 1, 1])
    for _ in range(2):
        BaseSquare.objects.create(extract=extract, level=8, x=0, y=0, body=b"")


@refused("there_is_one_site")
def a_second_site():
    SitePages.objects.create(pk=2, pages={}, fingerprint="")


@refused("feature_is_stale_once")
def a_feature_marked_twice():
    for _ in range(2):
        StaleFeature.objects.create(collection="products", feature_id="A-1")


@refused("import_run_is_applied_if_written")
def an_import_that_is_written_but_not_applied():
    ImportRun.objects.create(kind="products", file_name="a", sha256="", state="written")


@refused("running_import_run_has_a_heartbeat")
def a_running_import_without_a_heartbeat():
    ImportRun.objects.create(kind="products", file_name="a", sha256="", state="running")


@refused("source_has_a_title_or_an_address")
def a_source_of_nothing():
    Source.objects.create(publisher="Báo")


@refused("source_is_dated_within_the_calendar")
def a_source_dated_after_2100():
    SourceFactory(dated=span(None, datetime.date(2101, 1, 2)))


@refused("source_address_is_listed_once")
def an_address_twice():
    Source.objects.bulk_create([Source(url="https://a.vn/"), Source(url="https://a.vn/")])


@refused("source_without_address_has_its_own_title")
def a_title_twice():
    Source.objects.bulk_create([Source(title="Quyết định 1"), Source(title="Quyết định 1")])


@refused("there_is_one_revision")
def a_second_revision():
    Revision.objects.create(pk=2, changed_at=timezone.now())


@refused("change_inserts_updates_or_deletes")
def a_change_that_is_none():
    Change.objects.create(
        revision=1, collection="communes", feature_id="1", op="move", at=timezone.now()
    )


# --- proposals -----------------------------------------------------------------------------


def proposal(**values):
    product = ProductFactory()
    return Proposal.objects.create(
        **{
            "kind": "change",
            "record": product,
            "base_version": 1,
            "author": UserFactory(),
            "channel": "workspace",
            "changes": {"name": {"base": "", "proposed": "Nho"}},
        }
        | values
    )


@refused("proposal_has_no_hidden_characters")
def a_proposal_with_a_hidden_character():
    proposal(reason="Sai\u200btên")


@refused("proposal_names_its_record_unless_new")
def a_change_of_no_record():
    Proposal.objects.filter(pk=proposal().pk).update(record_id=None)


@refused("change_proposal_changes_something")
def a_proposal_of_nothing():
    proposal(changes={})


@refused("withdrawal_or_remark_gives_a_reason")
def a_withdrawal_without_a_reason():
    proposal(kind="withdraw", reason=" ")


@refused("decided_proposal_has_a_time")
def a_proposal_accepted_at_an_unknown_time():
    proposal(state="accepted")


@refused("refused_proposal_has_an_answer")
def a_proposal_rejected_without_a_reason():
    proposal(state="rejected", decided_at=timezone.now())


@refused("one_open_change_of_a_record_by_an_author")
def two_open_changes_of_one_author():
    first = proposal()
    proposal(record=first.record, author=first.author)


@refused("app_password_names_its_program")
def an_app_password_for_nothing():
    AppPasswordFactory(name=" ")


@refused("geodata_apppassword_digest_key")
def an_app_password_twice():
    for name in ("QGIS", "ArcGIS"):
        AppPasswordFactory(name=name, digest="0" * 64)


@refused("second_factor_reset_states_a_reason")
def a_reset_for_no_reason():
    SecondFactorResetFactory(reason=" ")


# --- mails ---------------------------------------------------------------------------------


@refused("register_dailymail_user_id_key")
def a_second_daily_mail():
    user = UserFactory()
    DailyMail.objects.create(user=user)
    DailyMail.objects.create(user=user)


# --- districts -----------------------------------------------------------------------------


@refused("unit_code_has_two_three_or_five_digits")
def a_commune_with_the_code_of_a_district():
    unit = UnitFactory(code="82738")
    Unit.objects.filter(pk=unit.pk).update(code="992")


@refused("unit_exists_for_at_least_a_day")
def a_unit_that_never_was():
    UnitFactory(public_id="x", validity=EMPTY)


@refused("unit_exists_within_the_calendar")
def a_unit_since_the_year_25():
    UnitFactory(validity=span(datetime.date(25, 7, 1), None))


@refused("unit_is_not_its_own_parent")
def a_unit_inside_itself():
    unit = UnitFactory()
    Unit.objects.filter(pk=unit.pk).update(parent=unit)


@refused("unit_code_belongs_to_one_unit_at_a_time")
def a_code_of_two_units_on_the_same_day():
    UnitFactory(code="82738", public_id="a", validity=span(None, DAY + datetime.timedelta(1)))
    UnitFactory(code="82738", public_id="b", validity=span(DAY, None))


@refused("districts_unit_public_id_key")
def a_public_id_twice():
    UnitFactory(code="82738", public_id="a", validity=span(None, DAY))
    UnitFactory(code="82738", public_id="a", validity=span(DAY, None))


@refused("boundary_is_a_valid_polygon")
def a_boundary_that_crosses_itself():
    BoundaryFactory(geometry=BOW_TIE)


@refused("outline_is_a_valid_polygon")
def an_outline_that_crosses_itself():
    boundary = BoundaryFactory()
    Boundary.objects.filter(pk=boundary.pk).update(outline=BOW_TIE)


@refused("districts_boundary_unit_id_key")
def two_boundaries_of_a_unit():
    boundary = BoundaryFactory()
    BoundaryFactory(unit=boundary.unit)


@refused("succession_is_stated_once")
def a_succession_twice():
    one = SuccessionFactory()
    SuccessionFactory(predecessor=one.predecessor, successor=one.successor)


@refused("unit_does_not_succeed_itself")
def a_unit_that_succeeds_itself():
    unit = UnitFactory()
    SuccessionFactory(predecessor=unit, successor=unit)


@refused("succession_share_is_above_zero_up_to_one")
def a_share_above_one():
    SuccessionFactory(share="1.0001")


@refused("one_role_for_a_user_in_a_unit")
def editor_and_publisher_of_one_unit():
    user, unit = UserFactory(), UnitFactory()
    for role in Role:
        Stewardship.objects.create(user=user, unit=unit, role=role)


# --- what all records share ----------------------------------------------------------------

RECORDS = {
    "product": (Product, ProductFactory),
    "producer": (Producer, ProducerFactory),
    "ipright": (IpRight, IpRightFactory),
    "salespoint": (SalesPoint, SalesPointFactory),
    "craftvillage": (CraftVillage, CraftVillageFactory),
}


def _refuse_of_records(kind, model, factory):
    @refused(f"{kind}_code_is_letters_and_a_number")
    def a_code_in_small_letters():
        factory(code="nt-1")

    @refused(f"{model._meta.db_table}_code_key")
    def a_code_twice():
        factory(code="MAU-1")
        factory(code="MAU-1")

    @refused(f"{kind}_has_a_name")
    def a_name_of_blanks():
        model.objects.filter(pk=factory().pk).update(name=" \t")

    @refused(f"published_{kind}_says_since_when")
    def published_at_no_time():
        model.objects.filter(pk=factory().pk).update(state=State.PUBLISHED)

    @refused(f"withdrawn_{kind}_says_why")
    def withdrawn_without_a_reason():
        model.objects.filter(pk=factory().pk).update(state=State.WITHDRAWN)


def _refuse_of_places(kind, model, factory):
    @refused(f"{kind}_point_and_position_go_together")
    def a_point_that_nobody_measured():
        model.objects.filter(pk=factory().pk).update(point=at(109, 11.5))

    @refused(f"{kind}_point_lies_in_viet_nam")
    def latitude_and_longitude_exchanged():
        model.objects.filter(pk=factory().pk).update(point=at(11.5, 109), position=Position.GPS)

    @refused(f"{kind}_accuracy_is_more_than_zero")
    def exact_to_zero_metres():
        factory(point=at(109, 11.5), accuracy_m=0)

    @refused(f"{kind}_accuracy_is_that_of_a_located_point")
    def the_accuracy_of_no_point():
        factory(accuracy_m=5)

    @refused(f"{kind}_on_its_commune_declares_which")
    def on_its_commune_but_on_which():
        factory(point=at(109, 11.5), position=Position.COMMUNE)

    @refused(f"{kind}_declares_commune_or_only_district")
    def commune_and_district_declared():
        factory(declared_commune=UnitFactory(), declared_district=UnitFactory(code="992"))


for _kind, (_model, _factory) in RECORDS.items():
    _refuse_of_records(_kind, _model, _factory)
    if _kind != "ipright":
        _refuse_of_places(_kind, _model, _factory)


# --- texts ---------------------------------------------------------------------------------

# Constraint name → (factory, text field that gets a character which reverses the text).
TURNED = {
    "app_password": (AppPasswordFactory, "name"),
    "second_factor_reset": (SecondFactorResetFactory, "reason"),
    "source": (SourceFactory, "title"),
    "unit": (UnitFactory, "name"),
    "succession": (SuccessionFactory, "part"),
    "category": (CategoryFactory, "name"),
    "product_type": (ProductTypeFactory, "synonyms_en"),
    "season": (SeasonFactory, "variety"),
    "producer": (ProducerFactory, "name"),
    "product": (ProductFactory, "name"),
    "decision": (DecisionFactory, "issuer"),
    "rating": (RatingFactory, "issuer"),
    "right": (IpRightFactory, "owner"),
    "photo": (PhotoFactory, "credit"),
    "salespoint": (SalesPointFactory, "goods"),
    "craftvillage": (CraftVillageFactory, "craft"),
    "placename": (PlaceNameFactory, "name"),
    "productcertificate": (ProductCertificateFactory, "text"),
    "producercertificate": (ProducerCertificateFactory, "text"),
}


def _refuse_hidden_characters(kind, factory, field):
    @refused(f"{kind}_has_no_hidden_characters")
    def a_text_that_is_turned_around():
        factory(**{field: "Nho \u202eđỏ"})


for _kind, (_factory, _field) in TURNED.items():
    _refuse_hidden_characters(_kind, _factory, _field)


# --- producers, products -------------------------------------------------------------------


@refused("category_code_is_unique_in_its_scheme")
def a_category_code_twice():
    CategoryFactory(code="I")
    CategoryFactory(code="I")


@refused("category_name_is_unique_in_its_scheme")
def a_category_name_twice():
    Category.objects.bulk_create(
        Category(scheme="QD148", code=code, name="đồ uống", source=SourceFactory())
        for code in ("I", "II")
    )


@refused("register_producttype_code_key")
def a_type_code_twice():
    ProductTypeFactory(code="grape")
    ProductTypeFactory(code="grape")


@refused("product_type_code_is_lower_case_words")
def a_type_with_a_vietnamese_code():
    ProductTypeFactory(code="rượu vang")


@refused("product_type_has_a_name_in_both_languages")
def a_type_without_an_english_name():
    ProductTypeFactory(name_en=" ")


@refused("product_type_name_is_unique")
def two_types_of_one_name():
    ProductTypeFactory(name="nho")
    ProductTypeFactory(name="nho")


@refused("product_type_symbol_is_lower_case_words")
def a_symbol_that_is_an_address():
    ProductTypeFactory(symbol="../grape.svg")


@refused("season_of_a_file_is_listed_once_for_each_type")
def a_row_of_a_file_twice():
    season = SeasonFactory(code="MAU-MV-1")
    SeasonFactory(code="MAU-MV-1", type=season.type)


@refused("season_begins_in_month_1_to_12")
def a_season_from_the_month_0():
    SeasonFactory(from_month=0, to_month=2)


@refused("season_ends_in_month_1_to_12")
def a_season_that_ends_in_the_13th_month():
    SeasonFactory(from_month=11, to_month=13)


@refused("season_has_both_months_or_none")
def a_season_without_an_end():
    SeasonFactory(from_month=7)


@refused("season_of_the_whole_year_has_no_months")
def a_whole_year_from_april_to_may():
    SeasonFactory(from_month=4, to_month=5, all_year=True)


@refused("season_states_something")
def a_season_without_months_and_words():
    SeasonFactory(statement=" ")


@refused("season_names_a_unit_once")
def a_unit_twice_in_a_season():
    one = SeasonUnitFactory()
    SeasonUnitFactory(season=one.season, unit=one.unit)


@refused("producer_contact_is_kept_with_consent_only")
def a_phone_number_without_consent():
    Producer.objects.filter(pk=ProducerFactory().pk).update(phone="0259 3 822 683")


@refused("product_gtin_has_8_12_13_or_14_digits")
def a_gtin_of_nine_digits():
    ProductFactory(gtin="893850012")


@refused("product_gtin_belongs_to_one_product")
def a_gtin_of_two_products():
    ProductFactory(gtin="8938500123456")
    ProductFactory(gtin="8938500123456")


@refused("product_category_says_how_it_is_known")
def a_category_from_nowhere():
    ProductFactory(category=CategoryFactory(), category_basis="")


@refused("product_type_says_how_it_is_known")
def a_type_from_nowhere():
    ProductFactory(type=ProductTypeFactory(), type_basis="")


@refused("product_names_an_ingredient_once")
def an_ingredient_twice():
    grape = ProductTypeFactory()
    wine = ProductFactory()
    IngredientFactory(product=wine, type=grape)
    IngredientFactory(product=wine, type=grape)


@refused("product_sector_says_how_it_is_known")
def a_basis_for_no_sector():
    ProductFactory(sector="", sector_basis="stated")


@refused("product_producer_says_how_it_is_known")
def a_producer_from_nowhere():
    ProductFactory(producer=ProducerFactory(), producer_basis="")


# --- quality certificates ------------------------------------------------------------------


def _refuse_of_certificates(kind, factory, holder):
    @refused(f"{kind}_of_another_kind_is_named")
    def a_certificate_of_no_name():
        factory(kind="other")

    @refused(f"{kind}_does_not_end_before_it_begins")
    def a_certificate_that_ends_first():
        factory(from_day="2026-01-02", until_day="2026-01-01")

    @refused(f"{kind}_is_listed_once")
    def a_certificate_twice():
        one = factory(text="1")
        factory(**{holder: getattr(one, holder)}, text="1")


_refuse_of_certificates("productcertificate", ProductCertificateFactory, "product")
_refuse_of_certificates("producercertificate", ProducerCertificateFactory, "producer")


# --- names of places -----------------------------------------------------------------------


@refused("places_placename_code_key")
def a_place_name_code_twice():
    PlaceNameFactory(code="DD-1")
    PlaceNameFactory(code="DD-1")


@refused("place_name_is_not_empty")
def a_place_without_a_name():
    PlaceNameFactory(name=" ")


@refused("place_name_leads_to_one_place")
def a_name_of_a_point_and_a_unit():
    PlaceNameFactory(unit=UnitFactory())


# --- places --------------------------------------------------------------------------------


def _refuse_of_destinations(kind, factory):
    @refused(f"{kind}_states_its_kind")
    def a_place_of_no_kind():
        factory(kind="")

    @refused(f"{kind}_was_last_seen_between_1900_and_2100")
    def a_place_seen_in_the_year_25():
        factory(last_seen=25)


_refuse_of_destinations("salespoint", SalesPointFactory)
_refuse_of_destinations("craftvillage", CraftVillageFactory)


@refused("planned_sales_point_is_not_open")
def a_planned_place_that_sells():
    SalesPointFactory(kind="planned", sells=True)


@refused("craft_village_states_its_craft")
def a_village_of_no_craft():
    CraftVillageFactory(craft="")


@refused("only_a_village_is_recognised_as_craft_village")
def a_craft_recognised_as_a_village():
    CraftVillageFactory(kind="craft", recognised=True)


# --- ratings -------------------------------------------------------------------------------


@refused("rating_three_to_five_stars")
def two_stars():
    RatingFactory(stars=2)


@refused("nomination_four_or_five_stars")
def nominated_for_three_stars():
    RatingFactory(nominated_stars=3)


@refused("rating_stars_need_their_points")
def four_stars_for_too_few_points():
    RatingFactory(stars=4, score="69.99")


@refused("rating_decided_on_some_day")
def decided_on_no_day():
    RatingFactory(decided=EMPTY)


@refused("rating_days_lie_within_the_calendar")
def revoked_in_the_year_9999():
    RatingFactory(on=DAY, revoked_on=datetime.date(9999, 12, 31))


@refused("rating_revoked_after_it_was_decided")
def revoked_before_it_was_decided():
    RatingFactory(on=DAY, revoked_on=DAY - datetime.timedelta(1))


@refused("rating_one_at_a_time")
def two_ratings_decided_in_one_year():
    rating = RatingFactory(decided=span(datetime.date(2024, 1, 1), datetime.date(2025, 1, 1)))
    OcopRating.objects.create(
        product=rating.product, stars=4, decided=day_span(DAY), source=rating.source
    )


# --- decisions -----------------------------------------------------------------------------


@refused("ocop_decision_source_id_key")
def two_decisions_of_one_source():
    DecisionFactory(source=DecisionFactory().source)


@refused("decision_has_a_document_number")
def a_decision_named_instead_of_numbered():
    DecisionFactory(number="Quyết định của tỉnh")


@refused("decision_has_an_issuer")
def a_decision_of_nobody():
    DecisionFactory(issuer=" ")


@refused("decision_day_lies_within_one_year")
def a_decision_of_an_unknown_year():
    DecisionFactory(day=span(datetime.date(2023, 12, 1), datetime.date(2024, 2, 1)))


@refused("decision_days_lie_within_the_calendar")
def a_decision_of_the_year_1899():
    DecisionFactory(on=datetime.date(1899, 12, 31))


@refused("decision_revoked_after_it_was_signed")
def a_decision_revoked_before_it_was_signed():
    yesterday = DAY - datetime.timedelta(1)
    DecisionFactory(on=DAY, revoked_on=yesterday, revocation_reason="Sai thẩm quyền")


@refused("decision_revoked_for_a_reason")
def a_decision_revoked_without_a_reason():
    DecisionFactory(on=DAY, revoked_on=DAY)


@refused("decision_number_is_unique_for_issuer_and_year")
def a_number_twice_in_a_year():
    DecisionFactory(number="12/QĐ-UBND", on=DAY)
    DecisionFactory(number="12/QĐ-UBND", on=DAY + datetime.timedelta(30))


# --- industrial property -------------------------------------------------------------------


@refused("right_number_is_unique_in_its_kind")
def a_number_twice():
    IpRightFactory(number="303688")
    IpRightFactory(number="303688")


@refused("geographical_indication_does_not_expire")
def a_geographical_indication_with_an_end():
    IpRightFactory(kind=IpRight.Kind.GEOGRAPHICAL_INDICATION, expires=DAY)


@refused("right_is_granted_after_it_was_filed")
def granted_before_it_was_filed():
    yesterday = DAY - datetime.timedelta(1)
    IpRightFactory(filed=day_span(DAY), granted=day_span(yesterday))


@refused("right_days_lie_within_the_calendar")
def filed_in_the_year_1899():
    IpRightFactory(filed=day_span(datetime.date(1899, 12, 31)))


@refused("right_expires_after_it_was_granted")
def expired_before_it_was_granted():
    IpRightFactory(granted=day_span(DAY), expires=DAY - datetime.timedelta(1))


@refused("pending_right_is_not_granted")
def a_pending_right_with_a_number():
    IpRightFactory(stage=IpRight.Stage.PENDING, number="303688")


@refused("right_that_does_not_protect_has_no_area")
def the_area_of_a_pending_right():
    right = IpRightFactory(stage=IpRight.Stage.PENDING)
    IpRight.objects.filter(pk=right.pk).update(outline=square(109, 11.5))


@refused("right_area_is_a_valid_polygon")
def an_area_that_crosses_itself():
    IpRight.objects.filter(pk=IpRightFactory().pk).update(area=BOW_TIE)


@refused("area_names_a_unit_once")
def a_unit_twice_in_an_area():
    right, unit = IpRightFactory(), UnitFactory()
    AreaUnit.objects.bulk_create([AreaUnit(right=right, unit=unit) for _ in "ab"])


@refused("right_names_a_type_once")
def a_type_twice_in_a_right():
    one = GoodsTypeFactory()
    GoodsTypeFactory(right=one.right, type=one.type)


@refused("right_names_a_product_once")
def a_product_twice_in_a_right():
    one = ProtectedProductFactory()
    ProtectedProductFactory(right=one.right, product=one.product)


# --- photos --------------------------------------------------------------------------------


@refused("photo_has_a_file_of_its_own")
def two_photos_of_one_file():
    PhotoFactory(image=PhotoFactory().image.name)


@refused("photo_says_what_it_shows")
def a_photo_without_words():
    PhotoFactory(alt=" ")


@refused("photo_names_its_author_and_licence")
def a_photo_by_nobody():
    PhotoFactory(credit="")


@refused("photo_has_a_size")
def a_photo_of_nothing():
    PhotoFactory(height=0)


# --- the tests -----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("name", REFUSED)
def test_the_database_refuses(name):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        REFUSED[name]()

    assert refusal.value.__cause__.diag.constraint_name == name


def _our_models():
    for config in apps.get_app_configs():
        if config.name.partition(".")[0] not in ("geodata", "districts", "products"):
            continue
        for model in config.get_models():
            if not hasattr(model, "pgh_tracked_model") and not model._meta.proxy:
                yield model


def test_every_constraint_of_the_models_is_tested():
    stated = {c.name for model in _our_models() for c in model._meta.constraints}
    unique = {
        f"{model._meta.db_table}_{field.column}_key"
        for model in _our_models()
        for field in model._meta.local_fields
        if field.unique and not field.primary_key
    }

    assert sorted(REFUSED) == sorted(stated | unique)


@pytest.mark.django_db
def test_every_constraint_of_the_models_is_in_the_database():
    stated = {c.name for model in _our_models() for c in model._meta.constraints}
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        there = {name for (name,) in cursor}

    assert stated - there == set()


# Written by programs and triggers only.
NOT_FOR_PEOPLE = {
    "geodata_apppassword_digest_key",
    "there_is_one_revision",
    "there_is_one_site",
    "base_square_is_stored_once",
    "bulk_file_has_one_size",
    "feature_is_stale_once",
    "change_inserts_updates_or_deletes",
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(REFUSED.keys() - NOT_FOR_PEOPLE))
def test_constraint_violations_become_a_message_at_a_field(name):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        REFUSED[name]()

    (at_field,) = refusal(refused.value).message_dict.items()

    field, (sentence,) = at_field
    table = refused.value.__cause__.diag.table_name
    model = next(model for model in _our_models() if model._meta.db_table == table)
    assert model._meta.get_field(field)
    assert sentence.endswith(".")
    assert name not in sentence


# Values just within the rules are accepted, so that no constraint refuses everything.


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stars", "score"),
    [(3, "50"), (3, "69.99"), (4, "70"), (4, "89.99"), (5, "90"), (5, "100"), (None, "0")],
)
def test_a_rating_with_enough_points_for_its_stars_is_accepted(stars, score):
    assert RatingFactory(stars=stars, score=score).pk


@pytest.mark.django_db
@pytest.mark.parametrize("stars", [3, 4])
def test_a_province_may_give_fewer_stars_than_the_points_allow(stars):
    """91.11 points, four stars and a nomination, as for two products of the shipped file."""
    assert RatingFactory(stars=stars, nominated_stars=5, score="91.11").pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stars", "score"),
    [(3, "49.99"), (4, "69.99"), (5, "89.99"), (5, "100.01"), (None, "100.01"), (None, "-0.01")],
)
def test_a_rating_with_too_few_or_too_many_points_is_refused(stars, score):
    with pytest.raises(IntegrityError, match="rating_stars_need_their_points"):
        RatingFactory(stars=stars, score=score)


@pytest.mark.django_db
@pytest.mark.parametrize("stars", [0, 2, 6])
def test_stars_outside_three_to_five_are_refused(stars):
    with pytest.raises(IntegrityError, match="rating_three_to_five_stars"):
        RatingFactory(stars=stars)


@pytest.mark.django_db
def test_a_code_may_be_reused_from_the_next_day():
    UnitFactory(code="82738", validity=span(None, DAY))
    again = UnitFactory(code="82738", validity=span(DAY, None))

    assert again.public_id == "82738-2024-06-15"


@pytest.mark.django_db
def test_years_from_1900_to_2100_are_accepted():
    first, end = datetime.date(1900, 1, 1), datetime.date(2101, 1, 1)

    assert SourceFactory(dated=span(first, end)).pk
    assert UnitFactory(validity=span(first, end)).pk
    assert RatingFactory(decided=span(first, end), revoked_on=end).pk
    assert IpRightFactory(filed=span(first, end), granted=span(None, end), expires=end).pk


@pytest.mark.django_db
@pytest.mark.parametrize("digits", [8, 12, 13, 14])
def test_a_gtin_of_a_valid_length_is_accepted(digits):
    assert ProductFactory(gtin="1" * digits).pk


@pytest.mark.django_db
def test_many_products_may_have_no_gtin_and_many_rights_no_number():
    for _ in range(2):
        ProductFactory(gtin="")
        IpRightFactory(number="")

    assert Product.objects.count() == IpRight.objects.count() == 2

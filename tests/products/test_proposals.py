"""Changes of public records are proposals until another publisher accepts them."""

import datetime

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from geodata.spans import day_span
from products.ocop.models import OcopRating, Photo, Product
from products.register import proposals, workflow
from products.register.models import Channel, Position, Proposal, ProposalKind, ProposalState
from products.register.states import State
from tests.factories import (
    UNTIL_THE_CHANGE,
    CategoryFactory,
    IpRightFactory,
    PhotoFactory,
    ProducerFactory,
    ProductFactory,
    RatingFactory,
    SourceFactory,
    UnitFactory,
    UserFactory,
    at,
    editor_of,
    publisher_of,
    square,
)
from tests.versions import next_transaction

pytestmark = pytest.mark.django_db

HERE, THERE = (108.95, 11.55), (109.05, 11.55)


@pytest.fixture
def province():
    return UnitFactory(
        code=settings.PLACE.province_code,
        validity=UNTIL_THE_CHANGE,
        area=square(108.9, 11.5, 0.2),
    )


@pytest.fixture
def commune(province):
    district = UnitFactory(code="997", parent=province, validity=UNTIL_THE_CHANGE)
    return UnitFactory(
        code="82888", parent=district, validity=UNTIL_THE_CHANGE, area=square(108.9, 11.5)
    )


@pytest.fixture
def neighbour(commune):
    return UnitFactory(
        code="82891",
        parent=commune.parent,
        validity=UNTIL_THE_CHANGE,
        area=square(109.0, 11.5),
    )


@pytest.fixture
def product(commune):
    product = ProductFactory(published=True, name="Nho xanh", point=at(*HERE))
    next_transaction()
    return product


def submit(record, values, by, **options):
    record.refresh_from_db()
    base_version = options.pop("base_version", record.version)
    outcome = proposals.submit(record, values, by=by, base_version=base_version, **options)
    next_transaction()
    return outcome


def decide(proposal, accepted, by, **options):
    proposal.refresh_from_db()
    record = proposal.record
    options = {
        "revision": proposal.revision,
        "base_version": record.version if record else None,
    } | options
    decided = proposals.decide(proposal, accepted, by=by, **options)
    next_transaction()
    return decided


def test_an_editors_change_of_a_public_record_waits(product, commune):
    outcome = submit(product, {"name": "Nho đỏ"}, editor_of(commune), reason="Sai tên")

    product.refresh_from_db()
    assert product.name == "Nho xanh"
    assert outcome.proposal.changes == {"name": {"base": "Nho xanh", "proposed": "Nho đỏ"}}
    assert outcome.proposal.state == ProposalState.PENDING
    assert (outcome.proposal.base_version, outcome.proposal.reason) == (product.version, "Sai tên")


def test_a_draft_is_changed_directly(commune):
    draft = ProductFactory(point=at(*HERE))

    outcome = submit(draft, {"name": "Nho đỏ"}, editor_of(commune))

    assert (outcome.record.name, outcome.proposal) == ("Nho đỏ", None)


@pytest.mark.parametrize("who", ["publisher", "superuser"])
def test_a_publishers_own_change_is_a_proposal_for_another_publisher(product, commune, who):
    author = publisher_of(commune) if who == "publisher" else UserFactory(is_superuser=True)
    proposal = submit(product, {"name": "Nho đỏ"}, author).proposal

    with pytest.raises(PermissionDenied):
        decide(proposal, {"name"}, author)
    decide(proposal, {"name"}, publisher_of(commune))

    product.refresh_from_db()
    assert product.name == "Nho đỏ"


def test_with_self_publish_a_publisher_changes_public_records_directly(product, commune, settings):
    settings.SELF_PUBLISH = True

    assert submit(product, {"name": "Nho đỏ"}, publisher_of(commune)).proposal is None
    assert submit(product, {"name": "Nho tím"}, editor_of(commune)).proposal
    product.refresh_from_db()
    assert product.name == "Nho đỏ"


def test_the_workflow_itself_refuses_a_direct_change_of_a_public_record(product, commune):
    with pytest.raises(PermissionDenied):
        workflow.change(
            product, {"name": "Nho đỏ"}, by=publisher_of(commune), base_version=product.version
        )


def test_fields_are_decided_separately(product, commune):
    proposal = submit(
        product, {"name": "Nho đỏ", "description": "Ngọt"}, editor_of(commune)
    ).proposal

    decided = decide(proposal, {"description"}, publisher_of(commune), answer="Giữ tên cũ")

    product.refresh_from_db()
    assert (product.name, product.description) == ("Nho xanh", "Ngọt")
    assert decided.state == ProposalState.PARTLY_ACCEPTED
    assert decided.decided == {"name": False, "description": True}


def test_author_and_publisher_are_in_the_history(product, commune):
    author, publisher = editor_of(commune), publisher_of(commune)
    proposal = submit(product, {"name": "Nho đỏ"}, author).proposal
    decide(proposal, {"name"}, publisher)

    context = workflow.events_of(product).first().pgh_context
    assert context["user"] == publisher.pk
    assert (context["author"], context["proposal"]) == (author.pk, proposal.pk)
    assert workflow.last_author(product) == author.pk


def test_a_rejection_needs_a_reason(product, commune):
    proposal = submit(product, {"name": "Nho đỏ"}, editor_of(commune)).proposal

    with pytest.raises(ValidationError, match="lý do"):
        decide(proposal, set(), publisher_of(commune))
    decided = decide(proposal, set(), publisher_of(commune), answer="Không có nguồn")

    product.refresh_from_db()
    assert (decided.state, product.name) == (ProposalState.REJECTED, "Nho xanh")


def test_an_author_has_one_open_proposal_and_later_saves_are_merged(product, commune):
    author = editor_of(commune)
    submit(product, {"name": "Nho đỏ", "description": "Ngọt"}, author)
    submit(product, {"name": "Nho tím"}, author)

    (proposal,) = Proposal.objects.all()
    assert proposal.changes == {
        "name": {"base": "Nho xanh", "proposed": "Nho tím"},
        "description": {"base": "", "proposed": "Ngọt"},
    }
    assert proposal.revision == 2


def test_a_proposal_of_nothing_any_more_is_closed(product, commune):
    author = editor_of(commune)
    submit(product, {"name": "Nho đỏ"}, author)

    outcome = submit(product, {"name": "Nho xanh"}, author)

    assert outcome.proposal is None
    assert Proposal.objects.get().state == ProposalState.SUPERSEDED


def test_a_proposal_changed_while_it_was_read_is_not_accepted(product, commune):
    author = editor_of(commune)
    proposal = submit(product, {"name": "Nho đỏ"}, author).proposal
    submit(product, {"name": "Nho tím"}, author)

    with pytest.raises(ValidationError, match="vừa sửa"):
        decide(proposal, {"name"}, publisher_of(commune), revision=1)

    product.refresh_from_db()
    assert product.name == "Nho xanh"


def test_accepting_one_of_two_proposals_makes_the_other_a_conflict(product, commune):
    first = submit(product, {"name": "Nho đỏ"}, editor_of(commune)).proposal
    second = submit(product, {"name": "Nho tím"}, editor_of(commune)).proposal
    stale = product.version
    decide(first, {"name"}, publisher_of(commune))

    (difference,) = proposals.differences(second)
    assert (difference.base, difference.now, difference.proposed) == (
        "Nho xanh",
        "Nho đỏ",
        "Nho tím",
    )
    assert difference.conflict
    with pytest.raises(workflow.StaleVersion):
        decide(second, {"name"}, publisher_of(commune), base_version=stale)
    product.refresh_from_db()
    assert product.name == "Nho đỏ"


def test_the_same_proposal_of_somebody_else_is_closed_with_the_accepted_one(product, commune):
    first = submit(product, {"name": "Nho đỏ"}, editor_of(commune)).proposal
    second = submit(product, {"name": "Nho đỏ"}, editor_of(commune)).proposal

    decide(first, {"name"}, publisher_of(commune))

    second.refresh_from_db()
    assert second.state == ProposalState.SUPERSEDED


def test_a_proposal_to_move_changes_only_the_point(product, commune):
    RatingFactory(product=product)
    place = at(108.96, 11.56)
    values = {"point": place, "position": Position.GPS}
    proposal = submit(product, values, editor_of(commune)).proposal
    before = Product.objects.values().get(pk=product.pk)

    decide(proposal, {"point", "position"}, publisher_of(commune))

    after = Product.objects.values().get(pk=product.pk)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"point", "position", "version", "version_transaction"} | (
        {"updated_at"} & changed
    )
    assert after["point"].coords == place.coords


def test_a_proposal_that_the_rules_refuse_is_not_stored(product, commune):
    with pytest.raises(ValidationError) as refused:
        submit(product, {"name": " "}, editor_of(commune))

    assert list(refused.value.message_dict) == ["name"]
    assert not Proposal.objects.exists()
    product.refresh_from_db()
    assert product.name == "Nho xanh"


def test_who_is_not_responsible_for_the_place_cannot_propose(product, neighbour):
    for stranger in (publisher_of(neighbour), UserFactory()):
        with pytest.raises(PermissionDenied):
            submit(product, {"name": "Nho đỏ"}, stranger)


def test_a_move_needs_the_right_in_both_units(product, commune, neighbour, province):
    values = {"point": at(*THERE), "position": Position.GPS}
    with pytest.raises(ValidationError, match="địa bàn"):
        submit(product, values, editor_of(commune))
    assert not Proposal.objects.exists()

    proposal = submit(product, values, editor_of(province)).proposal
    for half in (commune, neighbour):
        with pytest.raises((PermissionDenied, ValidationError)):
            decide(proposal, {"point", "position"}, publisher_of(half))
    decide(proposal, {"point", "position"}, publisher_of(province))
    product.refresh_from_db()
    assert product.old_commune == neighbour


@pytest.mark.parametrize("place", [{"point": at(*THERE), "position": "gps"}, {}])
def test_a_draft_in_foreign_territory_or_without_any_is_refused(commune, neighbour, place):
    values = {"name": "Nho", "source": SourceFactory(), **place}

    with pytest.raises(ValidationError, match="địa bàn"):
        submit_new(values, editor_of(commune))

    assert not Product.objects.exists()


def submit_new(values, by):
    return proposals.submit(Product(), values, by=by, base_version=None)


def test_ratings_and_photos_are_proposed_and_decided_one_by_one(product, commune):
    old, doomed = (
        RatingFactory(product=product, on=datetime.date(year, 5, 1)) for year in (2020, 2022)
    )
    next_transaction()
    source = SourceFactory()
    old.stars = 4
    new = OcopRating(
        product=product, stars=4, decided=day_span(datetime.date(2025, 5, 1)), source=source
    )
    proposal = submit(product, {}, editor_of(commune), save=[old, new], delete=[doomed]).proposal
    assert [one["op"] for one in proposal.parts] == ["change", "add", "remove"]
    assert product.ratings.count() == 2

    decide(proposal, {"part-1", "part-2"}, publisher_of(commune))

    ratings = product.ratings.order_by("decided").values_list("stars", "decided")
    assert [(stars, days.lower.year) for stars, days in ratings] == [(3, 2020), (4, 2025)]


def test_a_rating_changed_meanwhile_is_a_conflict(product, commune):
    rating = RatingFactory(product=product, stars=3)
    next_transaction()
    rating.stars = 4
    proposal = submit(product, {}, editor_of(commune), save=[rating]).proposal
    OcopRating.objects.filter(pk=rating.pk).update(stars=5)

    (difference,) = proposals.differences(proposal)

    assert difference.conflict
    assert "3 sao" in difference.base
    assert "5 sao" in difference.now
    assert "4 sao" in difference.proposed


def test_a_withdrawal_is_proposed_with_a_reason_and_decided(product, commune):
    author = editor_of(commune)
    with pytest.raises(ValidationError, match="lý do"):
        proposals.withdraw(product, by=author, base_version=product.version, reason=" ")
    proposal = proposals.withdraw(
        product, by=author, base_version=product.version, reason="Chủ thể yêu cầu"
    )
    other = submit(product, {"name": "Nho đỏ"}, editor_of(commune)).proposal

    decide(proposal, {"all"}, publisher_of(commune))

    for row in (product, proposal, other):
        row.refresh_from_db()
    assert (product.state, product.state_reason) == (State.WITHDRAWN, "Chủ thể yêu cầu")
    assert (proposal.state, other.state) == (ProposalState.ACCEPTED, ProposalState.SUPERSEDED)


def test_a_proposed_new_record_becomes_a_draft(province, commune):
    source = SourceFactory()
    proposal = Proposal.objects.create(
        kind=ProposalKind.CREATE,
        record_type=ContentType.objects.get_for_model(Product),
        channel=Channel.PUBLIC,
        changes={
            "name": {"base": None, "proposed": "Táo"},
            "source": {"base": None, "proposed": source.pk},
            "point": {"base": None, "proposed": list(HERE)},
            "position": {"base": None, "proposed": "gps"},
        },
    )

    decide(proposal, {"name", "source", "point", "position"}, publisher_of(province))

    product = Product.objects.get()
    assert (product.name, product.state, product.old_commune) == ("Táo", State.DRAFT, commune)
    assert proposals.Proposal.objects.get().record == product
    assert workflow.last_author(product) is None


def test_a_returned_proposal_is_pending_again_after_the_authors_next_save(product, commune):
    author = editor_of(commune)
    proposal = submit(product, {"name": "Nho đỏ"}, author).proposal
    proposals.send_back(
        proposal, by=publisher_of(commune), revision=proposal.revision, answer="Thiếu nguồn"
    )
    submit(product, {"description": "Theo quyết định"}, author)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer) == (ProposalState.PENDING, "")
    assert list(proposal.fields) == ["name", "description"]


def test_only_the_author_takes_a_proposal_back(product, commune):
    author = editor_of(commune)
    proposal = submit(product, {"name": "Nho đỏ"}, author).proposal

    with pytest.raises(PermissionDenied):
        proposals.take_back(proposal, by=publisher_of(commune))
    proposals.take_back(proposal, by=author)

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.SUPERSEDED


def test_several_changes_are_written_or_proposed_together(product, commune):
    editor = editor_of(commune)
    draft = ProductFactory(point=at(*HERE), name="Táo")

    def change(record, name):
        return workflow.Change(record, {"name": name}, record.version)

    with pytest.raises(workflow.ChangesRefused) as refused:
        proposals.submit_many(
            [change(product, "Nho đỏ"), change(draft, " ")], by=editor, act="import"
        )
    assert list(refused.value.errors) == [1]
    assert not Proposal.objects.exists()

    waiting, written = proposals.submit_many(
        [change(product, "Nho đỏ"), change(draft, "Táo xanh")], by=editor, act="import"
    )
    assert waiting.proposal.channel == Channel.IMPORT
    assert (written.record.name, written.proposal) == ("Táo xanh", None)


@pytest.mark.usefixtures("self_publish")
def test_with_self_publish_an_editors_changes_of_public_records_are_still_proposed(
    product, commune
):
    other = ProductFactory(published=True, point=at(*HERE))
    changes = [workflow.Change(one, {"name": "Nho đỏ"}, one.version) for one in (product, other)]

    outcomes = proposals.submit_many(changes, by=editor_of(commune), act="import")

    assert all(outcome.proposal for outcome in outcomes)
    again = [workflow.Change(one, {"name": "Nho đỏ"}, one.version) for one in (product, other)]
    written = proposals.submit_many(again, by=publisher_of(commune), act="import")
    assert [outcome.proposal for outcome in written] == [None, None]


def test_a_part_that_is_as_before_again_is_not_proposed(product, commune):
    rating, author = RatingFactory(product=product, stars=3), editor_of(commune)
    next_transaction()
    rating.stars = 4
    submit(product, {}, author, save=[rating])
    rating.stars = 3

    assert submit(product, {}, author, save=[rating]).proposal is None
    assert Proposal.objects.get().state == ProposalState.SUPERSEDED


# --- publishing ----------------------------------------------------------------------------


def publish(record, by, **options):
    record.refresh_from_db()
    return workflow.move(record, "publish", by=by, base_version=record.version, **options)


@pytest.mark.parametrize("who", ["publisher", "superuser"])
def test_nobody_publishes_what_he_or_she_wrote_last(commune, who):
    author = publisher_of(commune) if who == "publisher" else UserFactory(is_superuser=True)
    draft = ProductFactory(point=at(*HERE))
    submit(draft, {"name": "Nho đỏ"}, author)
    draft.refresh_from_db()
    workflow.move(draft, "submit", by=author, base_version=draft.version)

    with pytest.raises(ValidationError, match="người khác"):
        publish(draft, author)
    assert publish(draft, publisher_of(commune)).is_public


def test_what_changes_without_a_person_makes_nobody_else_the_author(commune):
    author, draft = publisher_of(commune), ProductFactory(point=at(*HERE))
    submit(draft, {"name": "Nho đỏ"}, author)
    Product.objects.filter(pk=draft.pk).update(search_text="", district=None)
    Product.objects.filter(pk=draft.pk).update(state=State.REVIEW)

    with pytest.raises(ValidationError, match="người khác"):
        publish(draft, author)


def test_submitting_is_not_writing(commune):
    """The publisher who submits somebody else's draft may publish it."""
    draft, publisher = ProductFactory(point=at(*HERE)), publisher_of(commune)
    submit(draft, {"name": "Nho đỏ"}, editor_of(commune))
    draft.refresh_from_db()
    workflow.move(draft, "submit", by=publisher, base_version=draft.version)

    assert publish(draft, publisher).is_public


def test_a_superuser_publishes_alone_only_with_a_reason(commune):
    admin, publisher = UserFactory(is_superuser=True), publisher_of(commune)
    draft = ProductFactory(point=at(*HERE), state=State.REVIEW)
    draft.state = State.DRAFT
    Product.objects.filter(pk=draft.pk).update(state=State.DRAFT)
    submit(draft, {"name": "Nho đỏ"}, admin)
    Product.objects.filter(pk=draft.pk).update(state=State.REVIEW)

    with pytest.raises(ValidationError, match="lý do"):
        publish(draft, admin, alone=True)
    with pytest.raises(PermissionDenied):
        publish(draft, publisher, alone=True, reason="Gấp")
    assert publish(draft, admin, alone=True, reason="Chỉ có một người trực").is_public


# --- what is pending stays inside ----------------------------------------------------------


@pytest.mark.parametrize("kind", ProposalKind)
def test_nothing_pending_is_public(client, product, commune, kind):
    secret = "Bí mật"
    producer = ProducerFactory(published=True, name="Hợp tác xã")
    right = IpRightFactory(published=True, name="Nhãn hiệu")
    for record in (product, producer, right):
        changes = {"name": {"base": record.name, "proposed": secret}}
        is_new = kind == ProposalKind.CREATE
        Proposal.objects.create(
            kind=kind,
            record_type=ContentType.objects.get_for_model(record),
            record_id=None if is_new else record.pk,
            base_version=None if is_new else record.version,
            channel=Channel.PUBLIC,
            reason=secret,
            changes=changes,
        )
    addresses = [
        "/",
        "/sitemap.xml",
        reverse("frontend:statistics"),
        reverse("frontend:protections"),
        *(record.get_absolute_url() for record in (product, producer, right)),
    ]
    for collection in ("products", "producers", "protections"):
        for suffix in ("items", "items?q=bi+mat", "changes", "schema"):
            addresses.append(f"/api/v1/collections/{collection}/{suffix}")
        addresses += [f"/api/v1/downloads/{collection}.{form}" for form in ("geojson", "csv")]

    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        text = b"".join(response) if response.streaming else response.content
        assert secret not in text.decode(), address


def test_the_files_of_a_proposed_photo_go_with_its_rejection(
    product, commune, django_capture_on_commit_callbacks, tmp_path, settings
):
    settings.MEDIA_ROOT = tmp_path
    photo = Photo(
        product=product,
        image="a.jpg",
        width=10,
        height=10,
        alt="Giàn nho",
        credit="Sở",
        licence="CC BY 4.0",
        source=SourceFactory(),
    )
    files = [tmp_path / "a.jpg", tmp_path / "a-640.jpg"]
    for file in files:
        file.write_bytes(b"")
    proposal = submit(product, {}, editor_of(commune), save=[photo]).proposal
    assert not Photo.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        decide(proposal, set(), publisher_of(commune), answer="Mờ")

    assert not any(file.exists() for file in files)


@pytest.mark.parametrize("other", ["history", "proposal"])
def test_files_that_something_else_has_survive_a_rejection(
    product, commune, django_capture_on_commit_callbacks, tmp_path, settings, other
):
    settings.MEDIA_ROOT = tmp_path
    file = tmp_path / "a.jpg"
    file.write_bytes(b"")
    photo = PhotoFactory.build(product=product, image="a.jpg", source=SourceFactory())
    if other == "history":
        PhotoFactory(product=product, image="a.jpg").delete()
    else:
        submit(product, {}, editor_of(commune), save=[photo])
    next_transaction()
    proposal = submit(product, {}, editor_of(commune), save=[photo]).proposal

    with django_capture_on_commit_callbacks(execute=True):
        decide(proposal, set(), publisher_of(commune), answer="Mờ")

    assert file.exists()


def test_the_same_new_rating_is_proposed_once_and_corrected_by_the_next(product, commune):
    author, source = editor_of(commune), SourceFactory()
    for stars in (3, 3, 4):
        days = day_span(datetime.date(2025, 5, 1))
        rating = OcopRating(product=product, stars=stars, decided=days, source=source)
        submit(product, {}, author, save=[rating])

    (operation,) = Proposal.objects.get().parts
    assert operation["fields"]["stars"] == 4


def test_a_proposal_about_a_deleted_draft_is_closed(client, commune):
    draft, author = ProductFactory(point=at(*HERE), name="Nho"), editor_of(commune)
    draft.refresh_from_db()
    base = proposals.snapshot(draft)
    next_transaction()
    Product.objects.filter(pk=draft.pk).update(description="Ngọt")
    stale = proposals.submit(
        draft, {"name": "Táo"}, by=author, base_version=draft.version, base=base
    ).proposal
    draft.refresh_from_db()

    workflow.delete(draft, by=author, base_version=draft.version)

    stale.refresh_from_db()
    assert stale.state == ProposalState.SUPERSEDED
    client.force_login(author)
    page = reverse("admin:register_proposal_change", args=[stale.pk])
    assert client.get(page).status_code == 200


def test_a_form_opens_although_a_proposed_row_was_deleted(client, product, commune):
    producer, author = ProducerFactory(published=True), editor_of(commune)
    values = {"producer": producer, "producer_basis": "stated", "name": "Nho đỏ"}
    submit(product, values, author)
    other = submit(product, {"name": "Nho đỏ"}, editor_of(commune)).proposal
    producer.delete()
    client.force_login(author)

    for page in ("change", "preview"):
        response = client.get(reverse(f"admin:ocop_product_{page}", args=[product.pk]))
        assert response.status_code == 200
        assert "Nho đỏ" in response.content.decode()
    decide(other, {"name"}, publisher_of(commune))
    product.refresh_from_db()
    assert product.name == "Nho đỏ"


def test_a_related_row_that_was_deleted_is_refused(product, commune):
    category = CategoryFactory()
    values = {"category": category, "category_basis": "stated"}
    proposal = submit(product, values, editor_of(commune)).proposal
    category.delete()

    with pytest.raises(ValidationError, match="không còn"):
        decide(proposal, {"category", "category_basis"}, publisher_of(commune))
    assert Proposal.objects.get().state == ProposalState.PENDING


# --- publishing alone, from the command line -----------------------------------------------


def test_the_command_publishes_for_a_superuser_with_a_reason(commune, capsys):
    admin, product = UserFactory(is_superuser=True), ProductFactory(point=at(*HERE))
    submit(product, {"name": "Nho đỏ"}, admin)
    Product.objects.filter(pk=product.pk).update(state=State.REVIEW)
    command = ["publish", product.code, "--reason=Chỉ một người trực"]

    with pytest.raises(CommandError, match="superuser"):
        call_command(*command, f"--user={publisher_of(commune).username}")
    call_command(*command, f"--user={admin.username}")

    product.refresh_from_db()
    assert product.is_public
    assert workflow.events_of(product).first().pgh_context["reason"] == "Chỉ một người trực"


def test_the_command_names_what_does_not_exist():
    with pytest.raises(CommandError, match="no user"):
        call_command("publish", "X-1", "--user=ai-do", "--reason=x")
    with pytest.raises(CommandError, match="no record"):
        call_command("publish", "X-1", f"--user={UserFactory().username}", "--reason=x")

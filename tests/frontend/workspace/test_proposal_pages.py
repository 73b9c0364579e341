"""The pages on which a proposal is read, decided, returned and sent again."""

import re

import pytest
from django.urls import reverse

from products.register import proposals
from products.register.models import Position, Proposal, ProposalKind, ProposalState
from tests.factories import (
    CategoryFactory,
    ProductFactory,
    UnitFactory,
    at,
    editor_of,
    publisher_of,
    square,
)
from tests.products.test_conflicts import form_data, page, text_of
from tests.versions import next_transaction

pytestmark = pytest.mark.django_db

HERE, THERE = (108.95, 11.55), (108.951, 11.55)


@pytest.fixture
def commune():
    return UnitFactory(area=square(108.9, 11.5))


@pytest.fixture
def product(commune):
    product = ProductFactory(published=True, name="Nho xanh", point=at(*HERE), position="gps")
    next_transaction()
    return product


@pytest.fixture
def editor(commune):
    return editor_of(commune)


@pytest.fixture
def publisher(commune):
    return publisher_of(commune)


def propose(product, values, by):
    product.refresh_from_db()
    outcome = proposals.submit(product, values, by=by, base_version=product.version)
    next_transaction()
    return outcome.proposal


def press(client, proposal, button, **entered):
    """The page after a publisher has pressed that button."""
    proposal.refresh_from_db()
    record = proposals.stored_record(proposal)
    values = {"revision": proposal.revision, "base_version": record.version, button: "", **entered}
    response = client.post(page(proposal), values, follow=True)
    proposal.refresh_from_db()
    return response


def test_to_accept_nothing_is_not_to_reject_everything(client, product, editor, publisher):
    proposal = propose(product, {"name": "Nho đỏ"}, editor)
    client.force_login(publisher)

    response = press(client, proposal, "accept", answer="Cảm ơn")

    assert "Chưa đánh dấu mục nào" in text_of(response)
    assert proposal.state == ProposalState.PENDING


def test_a_decided_proposal_displays_what_was_before_it(client, product, editor, publisher):
    values = {"name": "Nho đỏ", "point": at(*THERE), "position": Position.GPS}
    proposal = propose(product, values, editor)
    client.force_login(publisher)
    press(client, proposal, "accept", accepted=["name", "point"])

    client.force_login(editor)
    response = client.get(page(proposal))

    text = text_of(response)
    assert "Trước đề xuất Đề xuất Kết quả Tên Nho xanh Nho đỏ nhận" in text
    assert response.context["move"]["metres"] == pytest.approx(109, abs=1)
    assert 'class="conflict"' not in response.content.decode()


def test_how_a_value_is_known_is_decided_with_the_value(client, commune, editor, publisher):
    """To reject a point and accept that it was measured would be refused by a constraint."""
    product = ProductFactory(
        published=True, point=at(*HERE), position=Position.COMMUNE, declared_commune=commune
    )
    next_transaction()
    values = {"name": "Nho đỏ", "point": at(*THERE), "position": Position.GPS, "accuracy_m": 5}
    proposal = propose(product, values, editor)
    client.force_login(publisher)
    assert client.get(page(proposal)).context["accepted"] == ["name", "point"]

    press(client, proposal, "accept", accepted=["name", "position"], answer="Sai điểm")

    product.refresh_from_db()
    assert (product.name, product.position, product.point) == (
        "Nho đỏ",
        Position.COMMUNE,
        at(*HERE),
    )
    assert proposal.decided == dict.fromkeys(values, False) | {"name": True}


def test_a_returned_proposal_is_corrected_and_sent_again(client, product, editor, publisher):
    proposal = propose(product, {"name": "Nho đỏ"}, editor)
    client.force_login(publisher)
    press(client, proposal, "send_back", answer="Thiếu nguồn.")

    client.force_login(editor)
    assert "Mở hồ sơ" in text_of(client.get(page(proposal)))
    form = client.get(page(product))
    assert "Đề xuất của bạn được trả lại: Thiếu nguồn." in text_of(form)
    assert form.context["adminform"].form["name"].value() == "Nho đỏ"
    # Nothing more to correct: saving sends it again.
    client.post(page(product), form_data(client, product))

    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer, proposal.revision) == (ProposalState.PENDING, "", 2)
    assert list(proposal.fields) == ["name"]


def test_a_withdrawal_is_proposed_once_and_again_after_it_was_returned(
    client, product, editor, publisher
):
    client.force_login(editor)

    def withdraw(reason):
        product.refresh_from_db()
        values = {"version": product.version, "reason": reason}
        return client.post(page(product, "move", "withdraw"), values, follow=True)

    withdraw("Chủ thể yêu cầu")
    text = text_of(client.get(page(product)))
    assert "Bạn đã đề xuất rút hồ sơ này." in text
    assert "giá trị bạn đã đề xuất" not in text
    assert "đang chờ duyệt" in text_of(withdraw("Lần nữa"))
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.reason) == (ProposalKind.WITHDRAW, "Chủ thể yêu cầu")

    client.force_login(publisher)
    press(client, proposal, "send_back", answer="Ai yêu cầu?")
    client.force_login(editor)
    withdraw("Giám đốc yêu cầu")

    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.reason) == (ProposalState.PENDING, "Giám đốc yêu cầu")


def test_the_author_of_an_entry_that_came_second_has_no_button_to_answer_himself(
    client, commune, editor
):
    draft = ProductFactory(declared_commune=commune, name="Nho")
    next_transaction()
    base = proposals.snapshot(draft)
    version = draft.version
    type(draft).objects.filter(pk=draft.pk).update(name="Táo")
    next_transaction()
    stale = proposals.submit(draft, {"name": "Chè"}, by=editor, base_version=version, base=base)
    client.force_login(editor)

    buttons = client.get(page(stale.proposal)).content.decode()

    assert 'name="accept"' in buttons
    assert 'name="take_back"' in buttons
    assert 'name="send_back"' not in buttons
    assert 'name="reject"' not in buttons


def test_a_bulk_act_on_public_records_says_that_it_is_proposed(client, product, commune, editor):
    draft = ProductFactory(declared_commune=commune)
    next_transaction()
    category = CategoryFactory()
    client.force_login(editor)
    listing = reverse("admin:ocop_product_changelist")
    records = [product, draft]
    chosen = {"action": "assign_category", "_selected_action": [one.pk for one in records]}

    confirmation = client.post(listing, chosen)
    assert text_of(confirmation).count("thành đề xuất chờ duyệt") == 1
    values = {**chosen, "_selected_action": "0", "confirmed": "1", "category": category.pk}
    values["versions"] = confirmation.context["versions"]
    done = client.post(listing, values, follow=True)

    text = text_of(done)
    assert "xong 1 hồ sơ; gửi đề xuất cho 1 hồ sơ đã công bố" in text
    (undo,) = re.findall(r'href="(/admin/undo/[^"]+)"', done.content.decode())
    assert client.get(undo).status_code == 200

    # Only a public one: nothing was changed that could be undone.
    next_transaction()
    values = {**values, "category": CategoryFactory().pk}
    chosen["_selected_action"] = [product.pk]
    values["versions"] = client.post(listing, chosen).context["versions"]
    done = client.post(listing, values, follow=True)
    assert "đã gửi đề xuất cho 1 hồ sơ" in text_of(done)
    assert "/admin/undo/" not in done.content.decode()


def test_the_start_page_names_what_came_back(client, product, editor, publisher):
    other = ProductFactory(published=True, point=at(*HERE), position="gps")
    returned = propose(product, {"name": "Nho đỏ"}, editor)
    decided = propose(other, {"name": "Nho tím"}, editor)
    client.force_login(publisher)
    press(client, returned, "send_back", answer="Thiếu nguồn.")
    press(client, decided, "accept", accepted=["name"])

    client.force_login(editor)
    response = client.get("/admin/")

    counts = response.context["proposals"]
    assert [counts[name] for name in ("own", "returned", "decided")] == [0, 1, 1]
    queue = reverse("admin:register_proposal_changelist")
    for query, proposal in (
        ("state__exact=returned", returned),
        (
            "state__in=accepted,partly,rejected&decided_at__date__gte=" + counts["decided_since"],
            decided,
        ),
    ):
        listed = client.get(f"{queue}?author__id__exact={editor.pk}&{query}").context["cl"]
        assert list(listed.result_list) == [proposal]


def test_a_rating_that_contradicts_one_proposed_elsewhere_is_refused_in_words(
    client, product, editor
):
    client.force_login(editor)
    first, second = form_data(client, product), form_data(client, product)
    rating = {"ratings-TOTAL_FORMS": "1", "ratings-0-stars": "4"}
    client.post(page(product), first | rating | {"ratings-0-decided": "1/5/2025"})
    next_transaction()

    response = client.post(page(product), second | rating | {"ratings-0-decided": "2025"})

    assert response.status_code == 200
    assert "Chưa lưu được" in text_of(response)
    assert len(Proposal.objects.get().parts) == 1

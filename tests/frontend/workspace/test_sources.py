"""Sources: every official adds them, and corrects those that he or she has added."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from geodata.models import Source
from tests.factories import SourceFactory, UnitFactory, UserFactory, editor_of

pytestmark = pytest.mark.django_db


def page_of(source):
    return reverse("admin:geodata_source_change", args=[source.pk])


def add(client, title):
    client.post(reverse("admin:geodata_source_add"), {"title": title})
    return Source.objects.get(title=title)


def correct(client, source):
    response = client.post(page_of(source), {"title": "Quyết định 2"})
    source.refresh_from_db()
    return response.status_code, source.title


@pytest.fixture
def editor():
    return editor_of(UnitFactory(code="82858"))


def test_an_editor_corrects_a_source_that_he_or_she_has_added(client, editor):
    client.force_login(editor)
    source = add(client, "Quyết định 1")

    assert 'name="_save"' in client.get(page_of(source)).content.decode()
    assert correct(client, source) == (302, "Quyết định 2")


def test_but_none_of_another_or_of_an_import(client, editor):
    other = editor_of(UnitFactory(code="82860"))
    client.force_login(other)
    theirs = add(client, "Quyết định 1")
    imported = SourceFactory(title="Báo", url="")
    client.force_login(editor)

    for source in (theirs, imported):
        title = source.title
        assert 'name="_save"' not in client.get(page_of(source)).content.decode()
        assert correct(client, source) == (403, title)


def test_who_only_corrected_a_source_has_not_added_it(client, editor):
    superuser = UserFactory(is_superuser=True)
    client.force_login(superuser)
    source = SourceFactory(title="Báo", url="")
    assert correct(client, source) == (302, "Quyết định 2")

    assert not source.was_added_by(superuser)


def test_without_a_stewardship_the_right_ends(client, editor):
    client.force_login(editor)
    source = add(client, "Quyết định 1")
    editor.stewardships.all().delete()

    assert correct(client, source) == (403, "Quyết định 1")


def test_nobody_has_added_the_source_of_an_import(editor):
    assert not SourceFactory().was_added_by(AnonymousUser())

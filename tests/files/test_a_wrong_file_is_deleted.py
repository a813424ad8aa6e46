"""Somebody can be recognised in a photo: it is deleted for good, by those responsible or by the one who reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from deviations import actions
from deviations.models import Deviation
from kvalitetslosen.files.actions import attach
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.files.store import INCOMING, place_of
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.deviations import cases
from tests.files.test_a_photo_goes_with_a_report import photo
from tests.people import World

Login = Callable[[User], Client]
WHY = "Et ansikt er synlig."


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def with_photo(world: World, django_capture_on_commit_callbacks: Any) -> Callable[..., Attachment]:
    def made(**how: Any) -> Attachment:
        deviation = cases.ordinary(world, **how)
        with django_capture_on_commit_callbacks(execute=True):
            upload = photo()
            upload.name = "kari-nordmann.jpg"
            return attach(owner=deviation, upload=upload, by=None if how.get("hide_name") else world.nora)

    return made


def case_of(attachment: Attachment) -> Deviation:
    return Deviation.objects.get(pk=attachment.owner_id)


def path_of(attachment: Attachment) -> str:
    return f"{case_of(attachment).get_absolute_url()}fil/{attachment.key}/fjern/"


def test_the_page_shows_the_file_and_asks_why_before_anything_is_deleted(
    world: World, login: Login, with_photo: Callable[..., Attachment]
) -> None:
    attachment = with_photo()
    leif = login(world.leif)
    assert path_of(attachment) in leif.get(case_of(attachment).get_absolute_url()).text
    page = leif.get(path_of(attachment)).text
    assert attachment.thumbnail_url in page
    assert leif.post(path_of(attachment), {"reason": ""}).status_code == 200
    assert Attachment.objects.filter(pk=attachment.pk).exists()


@pytest.mark.parametrize("who", ["leif", "sunniva", "nora"])
def test_file_and_name_are_gone_and_the_story_says_that_and_why(
    world: World,
    login: Login,
    with_photo: Callable[..., Attachment],
    django_capture_on_commit_callbacks: Any,
    folder: Path,
    who: str,
) -> None:
    attachment = with_photo()
    place = place_of(attachment.stored_as)
    assert {path.name for path in place.parent.iterdir()} == {place.name, f"{place.name}.small"}
    client = login(world.people[who])
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(path_of(attachment), {"reason": WHY})
    assert answer["Location"] == case_of(attachment).get_absolute_url()
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    for address in (attachment.url, attachment.thumbnail_url):
        assert login(world.leif).get(address).status_code == 404
    for reader in ("nora", "leif"):
        page = login(world.people[reader]).get(case_of(attachment).get_absolute_url()).text
        assert "kari-nordmann" not in page
        assert WHY in page
    event = Event.objects.about(case_of(attachment)).last()
    assert event is not None
    assert (event.type, event.by) == ("files.removed", world.people[who])
    assert "kari" not in str(event.data)


def test_the_second_time_nothing_happens(world: World, login: Login, with_photo: Callable[..., Attachment]) -> None:
    attachment = with_photo()
    leif = login(world.leif)
    for _ in range(2):
        assert leif.post(path_of(attachment), {"reason": WHY}).status_code == 302
    assert Event.objects.about(case_of(attachment)).filter(type="files.removed").count() == 1


def test_a_hidden_reporter_leaves_no_name(world: World, login: Login, with_photo: Callable[..., Attachment]) -> None:
    attachment = with_photo(hide_name=True)
    assert login(world.nora).post(path_of(attachment), {"reason": WHY}).status_code == 302
    assert set(Event.objects.about(case_of(attachment)).values_list("by", flat=True)) == {None}


def test_who_may(world: World, login: Login, with_photo: Callable[..., Attachment]) -> None:
    attachment = with_photo()
    for who, status in (("mona", 404), ("hans", 404), ("greta", 404), ("kaja", 403), ("kristin", 403)):
        client = login(world.people[who])
        assert client.get(path_of(attachment)).status_code == status
        assert client.post(path_of(attachment), {"reason": WHY}).status_code == status
    assert path_of(attachment) not in login(world.kaja).get(case_of(attachment).get_absolute_url()).text
    assert Attachment.objects.filter(pk=attachment.pk).exists()


def test_when_the_case_is_closed_those_responsible_still_may_and_the_reporter_not(
    world: World, login: Login, with_photo: Callable[..., Attachment]
) -> None:
    attachment = with_photo()
    actions.receive_and_close(deviation=case_of(attachment), by=world.leif, outcome="Ordnet.")
    assert login(world.nora).post(path_of(attachment), {"reason": WHY}).status_code == 403
    assert path_of(attachment) not in login(world.nora).get(case_of(attachment).get_absolute_url()).text
    assert login(world.leif).post(path_of(attachment), {"reason": WHY}).status_code == 302
    assert not Attachment.objects.filter(pk=attachment.pk).exists()


def test_a_file_of_another_case_is_not_reached_through_ones_own(
    world: World, login: Login, with_photo: Callable[..., Attachment]
) -> None:
    theirs = with_photo(unit=world.nursing_home, by=world.greta)
    mine = cases.ordinary(world)
    login(world.leif).post(f"{mine.get_absolute_url()}fil/{theirs.key}/fjern/", {"reason": WHY})
    assert Attachment.objects.filter(pk=theirs.pk).exists()


def test_a_refused_reason_keeps_the_file(world: World, login: Login, with_photo: Callable[..., Attachment]) -> None:
    attachment = with_photo()
    answer = login(world.leif).post(path_of(attachment), {"reason": "Viser 13527248013."})
    assert answer.status_code == 200
    assert Attachment.objects.filter(pk=attachment.pk).exists()


def test_what_is_not_committed_is_not_deleted(
    world: World, login: Login, with_photo: Callable[..., Attachment], folder: Path
) -> None:
    """The bytes go after the commit; here there is none."""
    attachment = with_photo()
    login(world.leif).post(path_of(attachment), {"reason": WHY})
    assert place_of(attachment.stored_as).exists()
    assert not list((folder / INCOMING).glob("*"))


def test_a_text_file_goes_the_same_way(
    world: World, login: Login, django_capture_on_commit_callbacks: Any, folder: Path
) -> None:
    deviation = cases.ordinary(world)
    note = SimpleUploadedFile("notat.txt", b"Ola var her.", content_type="text/plain")
    with django_capture_on_commit_callbacks(execute=True):
        attachment = attach(owner=deviation, upload=note, by=world.nora)
    with django_capture_on_commit_callbacks(execute=True):
        login(world.nora).post(path_of(attachment), {"reason": WHY})
    assert [path for path in folder.rglob("*") if path.is_file()] == []

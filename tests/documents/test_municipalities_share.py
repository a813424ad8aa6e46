"""Sjøvik and Fjelldal share procedures: what is shared, by whom it is seen, adopted and followed."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents import actions
from documents.actions import sharing
from documents.merging import merge
from documents.models import Adoption, Document, Share, Version
from documents.tasks import keep_dates
from kvalitetslosen.files.models import files_of
from kvalitetslosen.files.uploads import examine
from kvalitetslosen.networks import actions as networks
from kvalitetslosen.networks.models import Network, NetworkMember
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, User
from tests.documents.conftest import TEXT, approved
from tests.notifications.conftest import Post, post
from tests.people import World

__all__ = ["post"]
Login = Callable[[User], Client]
OURS = TEXT.replace("nattevakten", "ansvarsvakten")


@pytest.fixture
def sindre(world: World) -> User:
    """Leads all of Sjøvik, and keeps it."""
    user = organisation.add_person(
        municipality=world.other_municipality, name="Sindre Sol", email="sindre@sjovik.example", language="nb"
    )
    for role in (Role.LEADER, Role.ADMINISTRATOR):
        organisation.grant_role(user=user, unit=world.other_municipality, role=role)
    return user


@dataclass
class Shared:
    """Leif's procedure, in force in Fjelldal and shared with the network Sjøvik is in."""

    document: Document
    network: Network
    share: Share
    member: NetworkMember  # Sjøvik's


@pytest.fixture
def shared(world: World, sindre: User) -> Shared:
    network = networks.found(by=world.ada, name="Kvalitet på Sørlandet")
    member = networks.invite(network=network, municipality=world.other_municipality, by=world.ada)
    networks.join(member=member, by=sindre)
    document = approved(world).document
    return Shared(document, network, sharing.share(document=document, network=network, by=world.leif), member)


def in_force(document: Document) -> Version:
    return Version.objects.in_force().get(document=document)


def adopted(world: World, shared: Shared, *, body: str = "") -> Adoption:
    """Mona's own of it, approved by the leader of Sjøvik."""
    draft = sharing.adopt(
        origin=in_force(shared.document), by=world.mona, unit=world.other_school, kind="procedure", reach="unit"
    )
    if body:
        actions.save(version=draft, by=world.mona, title=draft.title, body=body)
    return Adoption.objects.get(document=draft.document)


def renewed(world: World, document: Document, body: str) -> Version:
    draft = actions.new_version(document=document, by=world.leif)
    actions.save(version=draft, by=world.leif, title=draft.title, body=body, change_summary="Ny vakt")
    actions.send(version=draft, by=world.leif, approver=world.sunniva)
    return actions.approve(version=draft, by=world.sunniva)


# Sharing


def test_the_owner_shares_what_is_in_force(world: World, login: Login) -> None:
    network = networks.found(by=world.ada, name="Kvalitet på Sørlandet")
    document = approved(world).document

    answer = login(world.leif).post(
        reverse("documents:sharing", args=[document.number]), {"network": network.pk}, follow=True
    )

    assert "Shared. The others find it" in answer.content.decode()
    assert Share.objects.standing().filter(document=document, network=network).count() == 1


def test_sharing_twice_shares_once(world: World, shared: Shared) -> None:
    again = sharing.share(document=shared.document, network=shared.network, by=world.leif)

    assert again.pk == shared.share.pk
    assert again.events_count == 1


def test_a_draft_is_not_shared(world: World, shared: Shared, draft: Version, login: Login) -> None:
    answer = login(world.leif).post(
        reverse("documents:sharing", args=[draft.document.number]), {"network": shared.network.pk}
    )

    assert "Nothing is in force yet" in answer.content.decode()
    assert not Share.objects.filter(document=draft.document).exists()


def test_colleagues_may_not_share(world: World, procedure: Document, login: Login) -> None:
    address = reverse("documents:sharing", args=[procedure.number])

    assert login(world.nora).get(address).status_code == 403
    assert login(world.mona).get(address).status_code == 404
    assert login(world.nora).post(address, {"network": 1}).status_code == 403


def test_a_network_one_is_not_in_can_not_be_chosen(world: World, procedure: Document, login: Login) -> None:
    theirs = networks.found(by=world.mona, name="Andre")

    answer = login(world.leif).post(reverse("documents:sharing", args=[procedure.number]), {"network": theirs.pk})

    assert answer.status_code == 200
    assert "Andre" not in answer.content.decode()
    assert not Share.objects.filter(document=procedure).exists()


# What the others see


def test_writers_of_the_other_municipality_read_it(world: World, shared: Shared, login: Login) -> None:
    page = login(world.mona).get(reverse("documents:shared", args=[shared.document.pk])).content.decode()

    assert "Ring nattevakten" in page
    for person in ("Leif", "Sunniva"):
        assert person not in page
    assert shared.document.title in login(world.mona).get(reverse("documents:shared_list")).content.decode()


def test_it_is_found_by_nobody_there_before_it_is_adopted(world: World, shared: Shared, login: Login) -> None:
    client = login(world.mona)

    assert shared.document.title not in client.get(reverse("documents:list"), {"q": "nattevakten"}).content.decode()
    assert client.get(shared.document.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("why", ["ended", "left", "origin left", "withdrawn", "employee"])
def test_it_is_seen_no_longer(world: World, shared: Shared, login: Login, why: str) -> None:
    reader = world.mona
    if why == "ended":
        sharing.end_share(share=shared.share, by=world.leif)
    elif why == "left":
        networks.leave(member=shared.member, by=world.mona)
    elif why == "origin left":
        own = NetworkMember.objects.get(network=shared.network, municipality=world.municipality)
        networks.leave(member=own, by=world.ada)
    elif why == "withdrawn":
        actions.withdraw(version=in_force(shared.document), by=world.leif, note="Gjelder ikke lenger")
    else:
        reader = world.nora
    for name in ("shared", "adopt", "shared_file"):
        expected = 403 if why == "employee" else 404
        assert login(reader).get(reverse(f"documents:{name}", args=[shared.document.pk])).status_code == expected
    if why != "employee":
        assert shared.document.title not in login(reader).get(reverse("documents:shared_list")).content.decode()


def test_a_draft_of_the_next_version_is_not_seen(world: World, shared: Shared, login: Login) -> None:
    draft = actions.new_version(document=shared.document, by=world.leif)
    actions.save(version=draft, by=world.leif, title="Hemmelig tittel", body="<p>Hemmelig tekst</p>")

    page = login(world.mona).get(reverse("documents:shared", args=[shared.document.pk])).content.decode()

    assert "Hemmelig" not in page


# Adopting and following


def test_adopting_gives_a_draft_of_ones_own(world: World, shared: Shared, login: Login) -> None:
    answer = login(world.mona).post(
        reverse("documents:adopt", args=[shared.document.pk]),
        {**particulars(), "unit": "Sjøvik skule (Sjøvik)"},
    )

    adoption = Adoption.objects.get(origin=shared.document)
    assert answer.headers["Location"] == reverse("documents:draft", args=[adoption.document.number])
    assert adoption.document.level_0 == world.other_municipality.pk
    draft = Version.objects.open().get(document=adoption.document)
    assert draft.body == in_force(shared.document).body
    assert draft.author == world.mona


def particulars() -> dict[str, Any]:
    return {"kind": "procedure", "reach": "unit", "owner": "", "review_months": ""}


def test_it_is_adopted_once(world: World, shared: Shared, login: Login) -> None:
    adoption = adopted(world, shared)

    answer = login(world.mona).get(reverse("documents:adopt", args=[shared.document.pk]), follow=True)

    assert adoption.document.number in answer.content.decode()
    assert Adoption.objects.filter(origin=shared.document).count() == 1


def test_the_origin_sees_who_has_adopted_it(world: World, shared: Shared, login: Login) -> None:
    adopted(world, shared)

    assert (
        "Sjøvik" in login(world.leif).get(reverse("documents:sharing", args=[shared.document.number])).content.decode()
    )


def test_nobody_is_told_before_the_origin_changes(world: World, shared: Shared) -> None:
    adopted(world, shared)

    assert not Adoption.objects.behind().exists()


def test_the_owner_is_told_what_changed(world: World, shared: Shared, login: Login, post: Post) -> None:
    adoption = adopted(world, shared)
    post.deliver()
    renewed(world, shared.document, OURS)
    post.deliver()

    (told,) = post.to(world.mona)
    assert "Fjelldal" in told.subject
    assert "ansvarsvakten" not in told.body
    page = login(world.mona).get(adoption.get_absolute_url()).content.decode()
    assert "<ins>ansvarsvakten</ins>" in page
    assert "<del>nattevakten</del>" in page
    assert adoption.document.title in login(world.mona).get("/").content.decode()


def test_the_owner_is_told_when_a_new_version_comes_into_force_by_the_clock(
    world: World, shared: Shared, post: Post
) -> None:
    adopted(world, shared)
    post.deliver()
    draft = actions.new_version(document=shared.document, by=world.leif)
    actions.save(version=draft, by=world.leif, title=draft.title, body=OURS, change_summary="Ny vakt")
    day = timezone.localdate() + datetime.timedelta(days=3)
    actions.send(version=draft, by=world.leif, approver=world.sunniva, applies_from=day)
    actions.approve(version=draft, by=world.sunniva)
    post.deliver()
    assert not post.to(world.mona)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=4)):
        keep_dates()
        post.deliver()
    (told,) = post.to(world.mona)
    assert "Fjelldal" in told.subject


def test_what_the_writer_hides_from_readers_is_hidden_from_the_others_too(
    world: World, shared: Shared, login: Login
) -> None:
    adoption = adopted(world, shared)
    Version.objects.filter(pk=renewed(world, shared.document, OURS).pk).update(hides_old=True)

    page = login(world.mona).get(adoption.get_absolute_url()).content.decode()

    assert "nattevakten" not in page
    assert "what it said before" in page


def test_what_the_origin_changed_is_taken_in_beside_ones_own(
    world: World, shared: Shared, sindre: User, login: Login
) -> None:
    adoption = adopted(world, shared, body=TEXT + "<p>Hos oss: meld fra til rektor.</p>")
    draft = Version.objects.open().get(document=adoption.document)
    actions.send(version=draft, by=world.mona, approver=sindre)
    actions.approve(version=draft, by=sindre)
    newest = renewed(world, shared.document, OURS)

    answer = login(world.mona).post(
        reverse("documents:adoption_step", args=[adoption.document.number, "take_in"]),
        {"seen": adoption.events_count, "newest": newest.pk},
    )

    assert answer.headers["Location"] == reverse("documents:draft", args=[adoption.document.number])
    taken = Version.objects.open().get(document=adoption.document)
    assert "ansvarsvakten" in taken.body
    assert "meld fra til rektor" in taken.body
    assert "Fjelldal" in taken.change_summary
    assert not Adoption.objects.behind().exists()


def test_links_lead_to_ones_own_of_the_same_and_new_files_come_along(
    world: World, shared: Shared, sindre: User, login: Login
) -> None:
    first = adopted(world, shared).document
    keys, unshared = approved(world, title="Nøkler").document, approved(world, title="Bare vår").document
    body = f'<p>Se <a data-document="{shared.document.pk}">fall</a>, <a data-document="{unshared.pk}">vår</a>.</p>'
    renewed(world, keys, body)
    share = sharing.share(document=keys, network=shared.network, by=world.leif)
    second = adopted(world, Shared(keys, shared.network, share, shared.member))
    draft = Version.objects.open().get(document=second.document)
    assert [row.target_id for row in draft.links.order_by("pk")] == [first.pk, None]
    actions.send(version=draft, by=world.mona, approver=sindre)
    actions.approve(version=draft, by=sindre)
    page = login(world.mona).get(second.document.get_absolute_url()).content.decode()
    assert f'href="{first.get_absolute_url()}">fall</a>' in page
    assert "Bare vår" not in page, "the other one is no more than a word"
    again = actions.new_version(document=keys, by=world.leif)
    actions.save(
        version=again,
        by=world.leif,
        title="Nøkler",
        body=f"{body}<p>Nytt.</p>",
        change_summary="Skjema",
        attach=[examine(SimpleUploadedFile("Skjema.txt", b"Skjema"))],
    )
    actions.send(version=again, by=world.leif, approver=world.sunniva)
    newest = actions.approve(version=again, by=world.sunniva)
    assert "Skjema.txt" in login(world.mona).get(reverse("documents:shared", args=[keys.pk])).content.decode()
    merged = sharing.take_in(adoption=second, newest=newest, by=world.mona)
    assert merged is not None
    assert (merged.left, "Nytt." in merged.html, f'data-document="{first.pk}"' in merged.html) == (0, True, True)
    taken = Version.objects.open().get(document=second.document)
    assert [each.name for each in files_of(taken)] == ["Skjema.txt"]


def test_nothing_is_taken_into_a_draft_somebody_writes_on(world: World, shared: Shared, login: Login) -> None:
    adoption = adopted(world, shared)
    newest = renewed(world, shared.document, OURS)

    login(world.mona).post(
        reverse("documents:adoption_step", args=[adoption.document.number, "take_in"]),
        {"seen": adoption.events_count, "newest": newest.pk},
    )

    assert "nattevakten" in Version.objects.open().get(document=adoption.document).body
    assert Adoption.objects.behind().exists()


def test_keeping_ours_takes_a_reason_and_ends_the_asking(world: World, shared: Shared, login: Login) -> None:
    adoption = adopted(world, shared)
    newest = renewed(world, shared.document, OURS)
    address = reverse("documents:adoption_step", args=[adoption.document.number, "keep"])
    client = login(world.mona)

    client.post(address, {"seen": adoption.events_count, "newest": newest.pk, "note": ""})
    assert Adoption.objects.behind().exists()
    client.post(address, {"seen": adoption.events_count, "newest": newest.pk, "note": "Vi har ingen nattevakt"})
    assert not Adoption.objects.behind().exists()


def test_one_judges_the_version_one_has_seen(world: World, shared: Shared, login: Login) -> None:
    adoption = adopted(world, shared)
    seen = renewed(world, shared.document, OURS)
    renewed(world, shared.document, OURS.replace("løfter", "flytter"))

    login(world.mona).post(
        reverse("documents:adoption_step", args=[adoption.document.number, "keep"]),
        {"seen": adoption.events_count, "newest": seen.pk, "note": "Vi har ingen nattevakt"},
    )

    assert Adoption.objects.behind().exists()


def test_letting_go_and_following_again(world: World, shared: Shared, login: Login) -> None:
    adoption = adopted(world, shared)
    renewed(world, shared.document, OURS)
    client = login(world.mona)

    for name, behind in (("let_go", False), ("let_go", False), ("follow_again", True)):
        client.post(reverse("documents:adoption_step", args=[adoption.document.number, name]), {"seen": ""})
        assert Adoption.objects.behind().exists() is behind
    adoption.refresh_from_db()
    assert adoption.events_count == 3


def test_the_steps_refuse_get_and_strangers(world: World, shared: Shared, login: Login) -> None:
    adoption = adopted(world, shared)
    address = reverse("documents:adoption_step", args=[adoption.document.number, "let_go"])

    assert login(world.mona).get(address).status_code == 405
    assert login(world.leif).post(address).status_code == 404
    assert login(world.leif).get(adoption.get_absolute_url()).status_code == 404


# Merging


@pytest.mark.parametrize(
    ("ours", "theirs", "expected", "taken", "left"),
    [
        ("<p>a</p><p>b</p>", "<p>a</p><p>b</p>", "<p>a</p><p>b</p>", 0, 0),
        ("<p>a</p><p>b</p>", "<p>a</p><p>c</p>", "<p>a</p><p>c</p>", 1, 0),
        ("<p>a</p><p>c</p>", "<p>a</p><p>b</p>", "<p>a</p><p>c</p>", 0, 0),
        ("<p>a</p><p>x</p>", "<p>a</p><p>y</p>", "<p>a</p><p>x</p>", 0, 1),
        ("<p>ny</p><p>a</p><p>b</p>", "<p>a</p><p>b</p><p>sist</p>", "<p>ny</p><p>a</p><p>b</p><p>sist</p>", 1, 0),
        ("<p>a</p>", "<p>a</p><p>b</p><p>c</p>", "<p>a</p><p>c</p>", 1, 0),
        ("<p>a</p><p>b</p><p>c</p>", "<p>a</p><p>b</p><p>d</p>", "<p>a</p><p>b</p><p>c</p>", 0, 1),
    ],
)
def test_what_only_the_origin_changed_is_taken_in(
    ours: str, theirs: str, expected: str, taken: int, left: int
) -> None:
    merged = merge(base="<p>a</p><p>b</p>", ours=ours, theirs=theirs)

    assert (merged.html, merged.taken, merged.left) == (expected, taken, left)


def test_lists_and_tables_stay_whole() -> None:
    base = "<ol><li><p>en</p></li><li><p>to</p></li></ol><table><tbody><tr><td><p>1</p></td></tr></tbody></table>"
    theirs = base.replace("<li><p>to</p></li>", "<li><p>to</p></li><li><p>tre</p></li>")
    ours = base.replace("<p>1</p>", "<p>2</p>")

    merged = merge(base=base, ours=ours, theirs=theirs)

    assert merged.html == theirs.replace("<p>1</p>", "<p>2</p>")

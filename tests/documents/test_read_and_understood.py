"""Who is asked to read, by when, and who has: from today's memberships, once a version; and who sees it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import actions, readers
from documents.models import Document, ReadNudge, ReadReceipt, Version
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Membership, Role, User
from tests.documents.conftest import approved
from tests.documents.in_force import in_force
from tests.notifications.conftest import Post, at, clock, no_weekly_mail, post
from tests.people import World

__all__ = ["clock", "no_weekly_mail", "post"]

Clock = time_machine.Traveller
Login = Callable[[User], Client]
DAY = datetime.timedelta(days=1)


def next_version(
    document: Document, world: World, *, minor: bool = False, body: str = "<p>Ring vakta.</p>"
) -> Version:
    draft = actions.new_version(document=document, by=world.leif)
    actions.save(
        version=draft, by=world.leif, title=draft.title, body=body, change_summary="Ny telefon.", is_minor=minor
    )
    actions.send(version=draft, by=world.leif, approver=world.sunniva)
    return actions.approve(version=draft, by=world.sunniva)


def ask(document: Document, world: World, **how: object) -> None:
    usual: dict[str, object] = {"units": [world.home_care], "due_on": timezone.localdate() + 7 * DAY}
    if how.keys() & {"people", "units"}:
        del usual["units"]
    actions.ask_to_read(document=document, by=world.leif, **(usual | how))  # type: ignore[arg-type]


def asked(world: World, document: Document) -> set[str]:
    """Who has it on their list today."""
    people = {name: User.objects.get(pk=user.pk) for name, user in world.people.items()}
    return {name for name, user in people.items() if readers.to_read(user, document)}


def employ(world: World, name: str, unit: object = None, since: datetime.date | None = None) -> User:
    user = organisation.add_person(
        municipality=world.municipality, name=name, email=f"{name.lower()}@fjelldal.example", language="nb"
    )
    organisation.grant_role(
        user=user, unit=unit or world.home_care, role=Role.EMPLOYEE,  # type: ignore[arg-type]
        valid_from=since or timezone.localdate(),
    )  # fmt: skip
    world.people[name.lower()] = user
    return user


class TestWhoIsAsked:
    def test_whoever_works_there_today(self, world: World) -> None:
        document = approved(world).document
        actions.change_particulars(document=document, by=world.rolf, reach="municipality")
        ask(document, world, units=[world.health])
        assert asked(world, document) == {"nora", "leif", "sunniva", "greta", "hans"}

    @pytest.mark.parametrize(
        ("how", "who"),
        [
            ({"roles": ["leader"]}, {"leif"}),
            ({"roles": ["quality_contact", "employee"]}, {"nora"}),
            ({"people": "nora"}, {"nora"}),
            ({"people": "greta"}, set()),  # it doesn't reach the nursing home
        ],
    )
    def test_a_role_or_a_person(self, world: World, how: dict[str, object], who: set[str]) -> None:
        document = approved(world).document
        if "people" in how:
            ask(document, world, people=[getattr(world, str(how["people"]))])
        else:
            ask(document, world, units=[world.home_care], **how)
        assert asked(world, document) == who

    def test_those_who_come_are_asked_and_those_who_leave_are_not(self, world: World) -> None:
        document = approved(world).document
        ask(document, world)
        employ(world, "Siv")
        leaving = Membership.objects.get(user=world.nora)
        Membership.objects.filter(pk=leaving.pk).update(valid_from=timezone.localdate() - 90 * DAY)
        leaving.refresh_from_db()
        organisation.end_role(membership=leaving, by=world.ada, last_day=timezone.localdate() - DAY)
        assert asked(world, document) == {"siv", "leif"}
        User.objects.filter(pk=world.siv.pk).update(is_active=False)
        assert [each.name for each in readers.readers(document, [world.home_care])] == ["Leif Lund"]

    def test_a_deputy_is_not_asked_for_the_one_they_stand_in_for(self, world: World) -> None:
        document = approved(world).document
        ask(document, world)
        organisation.appoint_deputy(
            principal=world.leif, deputy=world.hans, by=world.ada,
            valid_from=timezone.localdate(), valid_to=timezone.localdate() + DAY,
        )  # fmt: skip
        assert asked(world, document) == {"nora", "leif"}

    def test_nobody_twice_however_many_ask(self, world: World) -> None:
        document = approved(world).document
        ask(document, world)
        ask(document, world, people=[world.nora], due_on=timezone.localdate() + 3 * DAY)
        actions.ask_to_read(
            document=document, by=world.sunniva, units=[world.health], due_on=timezone.localdate() + 30 * DAY
        )
        (row,) = readers.to_read(world.nora)
        assert row.due == timezone.localdate() + 3 * DAY, "the first of the dates counts"
        actions.confirm_reading(version=document.versions.get(), by=world.nora)
        assert readers.to_read(world.nora) == []
        with pytest.raises(ValidationError):
            ask(document, world)

    def test_what_no_longer_applies_or_is_ended_asks_nobody(self, world: World) -> None:
        document = approved(world).document
        ask(document, world)
        requirement = document.requirements.get()
        actions.end_reading(requirement=requirement, by=world.leif)
        assert asked(world, document) == set()
        ask(document, world)
        actions.withdraw(version=document.versions.get(), by=world.leif, note="Slutt")
        assert asked(world, document) == set()

    def test_moving_a_unit_takes_what_is_asked_of_it_along(self, world: World) -> None:
        document = approved(world).document
        ask(document, world)
        organisation.move_unit(unit=world.home_care, parent=world.municipality, by=world.ada)
        assert asked(world, document) == {"nora", "leif"}

    def test_a_major_version_asks_again_and_a_minor_one_does_not(self, world: World) -> None:
        document = approved(world).document
        ask(document, world)
        actions.confirm_reading(version=document.versions.get(), by=world.nora)
        next_version(document, world, minor=True)
        assert asked(world, document) == {"leif"}
        actions.confirm_reading(version=Version.objects.in_force().get(document=document), by=world.leif)
        next_version(document, world, body="<p>Ring Kari.</p>")
        assert asked(world, document) == {"nora", "leif"}
        assert document.requirements.get().due_on == timezone.localdate() + 14 * DAY

    def test_those_who_begin_have_their_own_date(self, world: World) -> None:
        document = approved(world).document
        ask(document, world, due_on=timezone.localdate(), days=10)
        employ(world, "Siv")
        assert readers.to_read(world.siv)[0].due == timezone.localdate() + 10 * DAY


class TestTheReader:
    @pytest.fixture
    def document(self, world: World) -> Document:
        document = approved(world).document
        ask(document, world, note="Etter fallet i august.")
        return document

    def test_reads_the_text_the_first_time_and_then_the_change(
        self, world: World, login: Login, document: Document
    ) -> None:
        nora, address = login(world.nora), f"/handbok/{document.number}/les/"
        page = nora.get(address).content.decode()
        assert "Ring nattevakten" in page
        assert "Etter fallet i august." in page
        assert document.title in nora.get("/handbok/a-lese/").content.decode()
        assert document.title in nora.get("/").content.decode()
        answer = nora.post(address, {"version": document.versions.get().pk})
        assert answer["Location"] == document.get_absolute_url()
        assert nora.get(address).status_code == 302, "there is nothing left to confirm"
        new = next_version(document, world)
        page = nora.get(address).content.decode()
        assert "Ny telefon." in page
        assert "<ins>" in page
        assert "<del>" in page
        nora.post(address, {"version": new.pk, "from": "list"})
        assert ReadReceipt.objects.filter(user=world.nora).count() == 2

    def test_a_second_tap_changes_nothing_and_an_old_page_confirms_nothing_new(
        self, world: World, login: Login, document: Document
    ) -> None:
        nora, address = login(world.nora), f"/handbok/{document.number}/les/"
        old = document.versions.get()
        for _tap in range(2):
            nora.post(address, {"version": old.pk})
        assert Event.objects.filter(type="documents.read").count() == 1
        next_version(document, world)
        nora.post(address, {"version": old.pk})
        assert asked(world, document) == {"nora", "leif"}

    def test_strangers_see_nothing_of_it(self, world: World, login: Login, document: Document) -> None:
        pk = document.versions.get().pk
        assert login(world.greta).get(f"/handbok/{document.number}/les/").status_code == 404
        assert login(world.greta).post(f"/handbok/{document.number}/les/", {"version": pk}).status_code == 404
        assert login(world.nora).post(f"/handbok/{document.number}/les/", {"version": 0}).status_code == 404

    def test_the_documents_page_says_when_one_confirmed(self, world: World, login: Login, document: Document) -> None:
        organisation.choose_language(user=world.nora, language="en")
        page = login(world.nora).get(document.get_absolute_url()).content.decode()
        assert "You are asked to read this" in page
        actions.confirm_reading(version=document.versions.get(), by=world.nora)
        page = login(world.nora).get(document.get_absolute_url()).content.decode()
        assert "You are asked to read this" not in page
        assert "Confirmed by you" in page


class TestTheLeader:
    @pytest.fixture
    def wide(self, world: World) -> Document:
        """Of home care, for all; owned by Leif, who leads home care only."""
        document = approved(world).document
        actions.change_particulars(document=document, by=world.rolf, reach="municipality")
        document.refresh_from_db()
        ask(document, world, units=[world.municipality])
        actions.confirm_reading(version=document.versions.get(), by=world.nora)
        return document

    def test_names_are_for_those_who_lead_them_and_numbers_for_the_owner(
        self, world: World, login: Login, wide: Document
    ) -> None:
        organisation.choose_language(user=world.leif, language="en")
        address = f"/handbok/{wide.number}/lesing/"
        leif = login(world.leif).get(address).content.decode()
        assert "Nora Nygård" in leif
        assert "Greta Gran" not in leif
        assert "1 of 6 have confirmed" in leif
        hans = login(world.hans).get(address).content.decode()
        assert "Greta Gran" in hans
        assert "Nora Nygård" not in hans
        assert "of 6" not in hans
        kristin = login(world.kristin).get(address).content.decode()
        assert "Nora Nygård" not in kristin
        assert "Greta Gran" not in kristin
        assert "av 6" in kristin or "of 6" in kristin
        assert login(world.nora).get(address).status_code == 403
        assert login(world.mona).get(address).status_code == 404

    def test_what_is_taken_home_is_the_same_and_leaves_a_trace(
        self, world: World, login: Login, wide: Document
    ) -> None:
        User.objects.filter(pk=world.greta.pk).update(name="=cmd Gran")
        file = login(world.hans).get(f"/handbok/{wide.number}/lesing/fil/").content.decode()
        assert "'=cmd Gran" in file
        assert "Nora" not in file
        assert Event.objects.about(wide).filter(type="documents.readers_exported", by=world.hans).exists()
        assert login(world.kristin).get(f"/handbok/{wide.number}/lesing/fil/").status_code == 403

    def test_the_file_and_the_page_say_when_it_was_confirmed_by_the_clock_on_the_wall(
        self, world: World, login: Login, wide: Document
    ) -> None:
        when = timezone.localtime(ReadReceipt.objects.get(user=world.nora).at)
        file = login(world.leif).get(f"/handbok/{wide.number}/lesing/fil/").content.decode()
        (line,) = [line for line in file.splitlines() if "Nora Nygård" in line]
        assert f"{when:%Y-%m-%d %H:%M}" in line
        (nora,) = [each for each in readers.readers(wide, readers.led(world.leif)) if each.name == "Nora Nygård"]
        assert nora.at == when

    def test_reminds_in_one_tap_and_nobody_twice_a_day(
        self, world: World, login: Login, wide: Document, post: Post
    ) -> None:
        deliver.take_as_told()
        assert login(world.hans).get(f"/handbok/{wide.number}/lesing/minn/").status_code == 405
        assert login(world.nora).post(f"/handbok/{wide.number}/lesing/minn/").status_code == 403
        assert login(world.mona).post(f"/handbok/{wide.number}/lesing/minn/").status_code == 404
        login(world.hans).post(f"/handbok/{wide.number}/lesing/minn/")
        assert set(ReadNudge.objects.values_list("user__name", flat=True)) == {"Greta Gran"}
        login(world.sunniva).post("/handbok/lesing/minn/")
        assert ReadNudge.objects.filter(user=world.greta).count() == 1
        assert not ReadNudge.objects.filter(user__in=[world.nora, world.sunniva]).exists()
        post.deliver()
        (mail,) = post.to(world.greta)
        assert "Hans Haug" in mail.subject
        assert wide.title in mail.body
        assert "/handbok/a-lese/" in mail.body
        assert Notification.objects.filter(user=world.greta, name="documents.read_reminded").count() == 1

    def test_asks_only_those_they_lead(self, world: World, login: Login, wide: Document) -> None:
        address, due = f"/handbok/{wide.number}/lesing/be/", timezone.localdate() + DAY
        assert login(world.nora).get(address).status_code == 403
        assert login(world.mona).get(address).status_code == 404
        assert "Sykehjemmet" in login(world.hans).get(address).content.decode()
        assert "Hjemmetjenesten" not in login(world.hans).get(address).content.decode()
        answer = login(world.hans).post(address, {"units": [world.home_care.pk], "due_on": due, "days": 5})
        assert answer.status_code == 200
        assert wide.requirements.count() == 1
        answer = login(world.hans).post(address, {"units": [world.nursing_home.pk], "due_on": due, "days": 5})
        assert answer["Location"] == f"/handbok/{wide.number}/lesing/"
        requirement = wide.requirements.get(asked_by=world.hans)
        assert (requirement.due_on, requirement.days) == (due, 5)
        picked = {"units": [world.nursing_home.pk], "people": [world.greta.pk], "due_on": due}
        login(world.hans).post(address, picked)
        newest = wide.requirements.latest("pk")
        assert [part.person for part in newest.audience.all()] == [world.greta], "a name means that one, not the unit"
        past = login(world.hans).post(address, {"units": [world.nursing_home.pk], "due_on": due - 9 * DAY})
        assert past.status_code == 200

    def test_no_identity_number_in_why(self, world: World, login: Login, wide: Document) -> None:
        with pytest.raises(ValidationError):
            ask(wide, world, people=[world.nora], note="Gjelder 01017012345 og 13097248022")

    def test_ends_what_they_asked_and_not_what_others_did(self, world: World, login: Login, wide: Document) -> None:
        requirement = wide.requirements.get()
        address = f"/handbok/{wide.number}/lesing/{requirement.pk}/avslutt/"
        assert login(world.hans).get(address).status_code == 405
        assert login(world.hans).post(address).status_code == 403
        assert login(world.mona).post(address).status_code == 404
        for _again in range(2):
            login(world.leif).post(address)
        assert Event.objects.about(requirement).filter(type="documents.reading_ended").count() == 1

    def test_the_units_list_is_one_form(self, world: World, login: Login, wide: Document) -> None:
        address = f"/handbok/lesing/enhet/{world.nursing_home.pk}/"
        assert login(world.leif).get(address).status_code == 403
        assert login(world.mona).get(address).status_code == 404
        second = in_force("Nøkler", "Heng dem opp", unit=world.nursing_home, author=world.hans, approver=world.sunniva)
        assert wide.title in login(world.hans).get(address).content.decode(), "the whole municipality is asked already"
        due = timezone.localdate() + DAY
        login(world.hans).post(address, {"documents": [second.pk], "due_on": due, "days": 3})
        assert asked(world, second) == {"greta", "hans"}
        page = login(world.hans).get("/handbok/lesing/").content.decode()
        assert "Nøkler" in page
        assert login(world.nora).get("/handbok/lesing/").status_code == 403


@pytest.mark.usefixtures("no_weekly_mail")
class TestReminders:
    def test_one_mail_for_all_of_it_before_and_when_late(self, clock: Clock, world: World, post: Post) -> None:
        for user in (world.nora, world.leif):
            organisation.choose_language(user=user, language="en")
        first, second = (approved(world, title=title).document for title in ("Fall", "Nøkler"))
        for document in (first, second):
            ask(document, world, people=[world.nora], due_on=datetime.date(2026, 9, 15))
        deliver.take_as_told()
        post.round()
        heard = {}
        for day in ("09-02", "09-03", "09-10", "09-11", "09-15", "09-16", "09-17", "09-22", "09-23"):
            clock.move_to(at(f"2026-{day} 07:00"))
            heard[day] = [str(each.subject) for each in post.round() if each.to == [world.nora.email]]
        assert {day: said for day, said in heard.items() if said} == {
            "09-02": ["2 documents to read, the first by 15 September 2026"],
            "09-10": ["2 documents to read, the first by 15 September 2026"],
            "09-16": ["2 documents should have been read"],
            "09-22": ["2 documents should have been read"],
        }
        assert "Nøkler" in post.to(world.nora)[0].body
        assert not post.to(world.leif), "nobody above is told"
        for document in (first, second):
            actions.confirm_reading(version=document.versions.get(), by=world.nora)
        clock.move_to(at("2026-09-29 07:00"))
        assert post.round() == []

    def test_a_new_employee_hears_on_the_first_day(self, clock: Clock, world: World, post: Post) -> None:
        document = approved(world).document
        ask(document, world, due_on=datetime.date(2026, 9, 2))
        for user in (world.nora, world.leif):
            actions.confirm_reading(version=document.versions.get(), by=user)
        employ(world, "Siv", since=datetime.date(2026, 9, 14))
        deliver.take_as_told()
        clock.move_to(at("2026-09-11 07:00"))
        assert post.round() == []
        clock.move_to(at("2026-09-14 07:00"))
        assert [each.to for each in post.round()] == [["siv@fjelldal.example"]]
        assert post.round() == []


def test_the_weekly_mail_lists_it_instead_of_a_line_of_its_own(clock: Clock, world: World, post: Post) -> None:
    document = approved(world).document
    ask(document, world, people=[world.nora], due_on=datetime.date(2026, 9, 4))
    deliver.take_as_told()
    clock.move_to(at("2026-09-07 07:00"))
    (mail,) = [each for each in post.round() if each.to == [world.nora.email]]
    assert mail.body.count(document.title) == 1


@pytest.mark.parametrize("who", ["nora", "leif"])
def test_pages_ask_the_same_of_the_database_for_one_as_for_many(world: World, login: Login, who: str) -> None:
    addresses = ["/handbok/a-lese/", "/"]
    documents = [approved(world, title=f"Rutine {n}").document for n in range(2)]
    for document in documents:
        ask(document, world)
    if who == "leif":
        addresses += ["/handbok/lesing/", f"/handbok/{documents[0].number}/lesing/", documents[0].get_absolute_url()]
    counts: dict[str, list[int]] = {address: [] for address in addresses}
    for people in (1, 12):
        for n in range(people):
            employ(world, f"Ny{people}{n}")
        if people > 1:
            for n in range(6):
                more = in_force(f"Enda {n}", "Les", unit=world.home_care, author=world.leif, approver=world.sunniva)
                ask(more, world)
        client = login(getattr(world, who))
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[address].append(len(queries))
    assert {address: few for address, (few, many) in counts.items() if few != many} == {}, counts

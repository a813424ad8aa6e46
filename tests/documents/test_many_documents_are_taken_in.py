"""The quality coordinator moves the handbook in: a zip of folders, corrected before anything is kept."""

from __future__ import annotations

import datetime
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import actions as life
from documents.actions import intake as actions
from documents.actions import taking_in, types
from documents.intake import archive, conversion
from documents.lifecycle import State
from documents.models import Document, DocumentType, Intake, IntakeFile, TakenIn, Version
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import Membership, User
from tests.documents.conftest import approved
from tests.documents.office_files import docx, paragraph, pdf, table
from tests.people import World

Login = Callable[[User], Client]


def word(title: str, text: str = "Ring nattevakten.", *facts: tuple[str, ...]) -> bytes:
    return docx(*([table(*facts)] if facts else []), paragraph(title, "Tittel"), paragraph(text))


FACTS = (
    ("Dokumentnr", "P-012", "Utarbeidet av", "Leif Lund"),
    ("Godkjent av", "Ola Hansen", "Gyldig fra", "12.03.2024"),
    ("Revisjon", "3.1", "Neste revisjon", "1. mars 2099"),
)
HANDBOOK = {
    "Håndbok/Hjemmetjenesten/Prosedyrer/P-012 Fallforebygging v3.docx": word(
        "Fallforebygging", "Etter kommuneloven § 25-1.", *FACTS
    ),
    "Håndbok/03 Sykehjemmet/Sjekkliste rom.docx": word("Sjekkliste for rom"),
    "Håndbok/Brannplan.pdf": pdf("Rømning ved brann"),
    "Håndbok/gammel.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
}


def zipped(files: dict[str, bytes]) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return result.getvalue()


def begun(by: User, files: dict[str, bytes] | None = None) -> Intake:
    data = io.BytesIO(zipped(HANDBOOK if files is None else files))
    return actions.begin(by=by, name="Håndbok", file=data, listed=archive.listed(data, "Håndbok.zip"))


def read(by: User, files: dict[str, bytes] | None = None) -> Intake:
    intake = begun(by, files)
    work(intake)
    return intake


def work(intake: Intake) -> None:
    """What the worker does until nothing is left."""
    while actions.go_on(intake.pk, seconds=600):
        pass
    intake.refresh_from_db()


def taken(by: User, files: dict[str, bytes] | None = None, *, in_force: bool = True) -> Intake:
    intake = read(by, files)
    actions.take_in_chosen(intake=intake, by=by, in_force=in_force)
    work(intake)
    return intake


def row(intake: Intake, name: str) -> IntakeFile:
    return intake.files.get(path__endswith=name)


def base(row: IntakeFile) -> str:
    return row.type.base if row.type else ""


def test_each_file_is_read_and_guessed_and_nothing_is_a_document_yet(world: World) -> None:
    intake = read(world.kristin)

    assert intake.stage == Intake.Stage.CHECKING
    falls = row(intake, "v3.docx")
    assert (falls.title, base(falls), falls.number, falls.label) == (
        "Fallforebygging",
        "procedure",
        "P-012",
        "3.1",
    )
    assert (falls.unit, falls.owner, falls.reach) == (world.home_care, world.leif, "unit")
    assert (falls.approved_by, falls.approved_on) == ("Ola Hansen", datetime.date(2024, 3, 12))
    assert (falls.review_on, falls.laws) == (datetime.date(2099, 3, 1), "kommuneloven § 25-1")
    rooms = row(intake, "rom.docx")
    assert (base(rooms), rooms.unit, rooms.owner) == ("checklist", world.nursing_home, world.hans)
    plan = row(intake, "Brannplan.pdf")
    assert (base(plan), plan.unit, plan.reach, plan.is_pdf) == ("plan", world.municipality, "municipality", True)
    old = row(intake, "gammel.doc")
    assert (old.state, old.problem, old.keep) == ("refused", "old_word", False)
    assert "gammel.doc" in old.problem_in_words
    assert not Document.objects.exists()


def test_the_chosen_come_into_force_approved_elsewhere_by_whoever_answers_for_everybody(
    world: World, login: Login
) -> None:
    intake = taken(world.kristin)

    version = row(intake, "v3.docx").version
    assert version is not None
    document = version.document
    assert (document.number, document.owner, document.unit) == ("P-012", world.leif, world.home_care)
    assert (version.state, version.label, version.approved_by) == (State.IN_FORCE, "3.1", world.kristin)
    assert document.review_on == datetime.date(2099, 3, 1)
    assert Event.objects.about(version).last().type == "documents.taken_in"  # type: ignore[union-attr]
    page = login(world.leif).get(document.get_absolute_url()).content.decode()
    assert "12. mars 2024 by Ola Hansen" in page
    assert "by Kristin Krog" in page
    assert login(world.nora).get("/handbok/", {"q": "fallforebygging"}).content.decode().count("P-012") >= 1
    assert Document.objects.count() == 3
    # What could be decided about is decided: the files are gone, the list says what became of each.
    assert (intake.stage, intake.archive.name) == (Intake.Stage.DONE, "")
    assert not intake.files.exclude(body="").exists()


def test_others_than_those_who_answer_for_everybody_take_in_drafts(world: World) -> None:
    intake = taken(world.leif, in_force=True)

    drafts = Version.objects.all()
    assert {version.state for version in drafts} == {State.DRAFT}
    assert {version.author for version in drafts} == {world.leif}
    assert set(TakenIn.objects.values_list("approved_elsewhere", flat=True)) == {False}
    assert Event.objects.filter(type="documents.brought_in").count() == len(drafts)
    # Leif leads home care alone: what seemed to be the nursing home's isn't his to take in there.
    assert {row.unit for row in intake.files.exclude(version=None)} == {world.home_care}


def test_the_same_file_again_is_nothing_and_a_changed_one_is_a_new_version(world: World, login: Login) -> None:
    taken(world.kristin)
    before = Document.objects.count(), Version.objects.count()

    again = read(world.kristin)
    assert set(again.files.values_list("state", flat=True)) == {"same", "refused"}
    actions.take_in_chosen(intake=again, by=world.kristin, in_force=True)
    assert (Document.objects.count(), Version.objects.count()) == before

    name = "Håndbok/Hjemmetjenesten/Prosedyrer/P-012 Fallforebygging v4.docx"
    changed = read(world.kristin, {name: word("Fallforebygging", "Ring legevakten.", ("Dokumentnr", "P-012"))})
    newer = changed.files.get()
    assert (newer.match.number if newer.match else "", newer.label) == ("P-012", "4.0")
    page = login(world.kristin).get(newer.get_absolute_url()).content.decode()
    assert "<ins>" in page
    assert "legevakten" in page
    actions.take_in_chosen(intake=changed, by=world.kristin, in_force=True)
    work(changed)
    document = Document.objects.get(number="P-012")
    assert list(document.versions.order_by("pk").values_list("state", "major", "minor")) == [
        (State.REPLACED, 3, 1), (State.IN_FORCE, 4, 0),
    ]  # fmt: skip
    assert Document.objects.count() == before[0]


def test_a_new_version_is_of_the_type_its_document_is_and_what_says_nothing_is_a_procedure(world: World) -> None:
    town = world.municipality.pk
    types.add_type(municipality_id=town, by=world.ada, name="Brev", letters="BV", review_months=12)
    document = approved(world, title="Fall i hjemmet").document

    intake = read(
        world.leif,
        {"Rutine.docx": word("Fall", "Nytt.", ("Dokumentnr", document.number)), "Vask.docx": word("Vask", "Vask.")},
    )

    renewed, new = row(intake, "Rutine.docx"), row(intake, "Vask.docx")
    assert (renewed.match, base(renewed)) == (document, "procedure")
    assert (new.match, base(new)) == (None, "procedure")
    routine = types.type_of(town, "routine")
    assert base(actions.correct(row=renewed, by=world.leif, type=routine)) == "procedure"
    assert base(actions.correct(row=renewed, by=world.leif, type=routine, number="")) == "routine"


def test_nobodys_draft_is_written_over(world: World) -> None:
    document = approved(world, title="Fall i hjemmet").document
    life.new_version(document=document, by=world.leif)

    intake = taken(world.kristin, {"Hjemmetjenesten/Fall i hjemmet.docx": word("Fall i hjemmet", "Nytt.")})

    assert intake.stage == Intake.Stage.CHECKING
    failed = intake.files.get()
    assert (failed.state, failed.problem) == ("failed", "being_written")
    assert "Leif Lund" in failed.problem_in_words


def test_a_document_others_write_is_not_renewed(world: World) -> None:
    document = approved(world, title="Fall i hjemmet").document
    Document.objects.filter(pk=document.pk).update(reach="municipality")

    intake = read(world.hans, {"Fall i hjemmet.docx": word("Fall", "Nytt.", ("Dokumentnr", document.number))})
    actions.take_in_chosen(intake=intake, by=world.hans, in_force=False)
    work(intake)

    assert intake.files.get().problem == "not_your_document"
    assert Version.objects.filter(document=document).count() == 1


def test_a_number_that_cannot_be_seen_is_not_given_twice(world: World) -> None:
    taken(world.leif, {"a.docx": word("Fall", "a", ("Dokumentnr", "P-7"))}, in_force=False)
    taken(world.hans, {"a.docx": word("Rom", "b", ("Dokumentnr", "P-7"))}, in_force=False)

    assert list(Document.objects.order_by("pk").values_list("number", flat=True)) == ["P-7", "P-0001"]


def test_numbers_that_came_along_are_passed_over_by_those_given_here(world: World) -> None:
    taken(world.leif, {"a.docx": word("Fall", "a", ("Dokumentnr", "P-0001"))}, in_force=False)

    assert approved(world).document.number == "P-0002"


def test_what_is_past_its_review_is_spread_over_half_a_year(world: World) -> None:
    files = {
        f"Hjemmetjenesten/{n}.docx": word(f"Rutine {n}", f"Tekst {n}", ("Godkjent dato", "1.1.2015")) for n in range(4)
    }
    taken(world.kristin, files)

    today = timezone.localdate()
    days = {(each - today).days for each in Document.objects.values_list("review_on", flat=True) if each}
    assert len(days) == 4
    assert all(29 < day < 190 for day in days)


def test_a_file_twice_in_the_folder_comes_in_once(world: World) -> None:
    same = word("Fall")
    intake = taken(world.kristin, {"a/Fall.docx": same, "b/Kopi av Fall.docx": same})

    assert Document.objects.count() == 1
    assert "a/Fall.docx" in row(intake, "Kopi av Fall.docx").problem_in_words


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"Hjemmetjenesten/{n}.docx": word(f"Rutine {n}", f"Tekst {n}") for n in range(5)}
    intake = begun(world.kristin, files)
    killed = {"at": 2}

    class Killed(BaseException):
        pass

    def dies(real: Any) -> Any:
        def once(*args: Any, **kwargs: Any) -> Any:
            result = real(*args, **kwargs)
            killed["at"] -= 1
            if killed["at"] == 0:
                raise Killed
            return result

        return once

    monkeypatch.setattr(actions, "converted", dies(conversion.converted))
    with pytest.raises(Killed):
        actions.go_on(intake.pk)
    assert intake.files.filter(state="read").count() == 1
    work(intake)
    assert intake.files.filter(state="read").count() == 5

    actions.take_in_chosen(intake=intake, by=world.kristin, in_force=True)
    killed["at"] = 3
    monkeypatch.setattr(taking_in, "take_into_force", dies(taking_in.take_into_force))
    with pytest.raises(Killed):
        actions.go_on(intake.pk)
    assert Document.objects.count() == 2
    Intake.objects.filter(pk=intake.pk).update(worked_at=timezone.now())  # as a killed process leaves it
    assert not actions.go_on(intake.pk)
    assert Document.objects.count() == 2
    told: list[int] = []
    monkeypatch.setattr(actions, "tell", lambda intake: told.append(intake.pk))
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=5), tick=True):
        actions.sweep()
        assert told == [intake.pk]
        work(intake)
    assert Document.objects.count() == Version.objects.in_force().count() == 5
    assert intake.stage == Intake.Stage.DONE


def test_a_file_that_breaks_its_reader_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    intake = begun(world.kristin, {"a.docx": word("Fall")})
    intake.files.update(tries=3)
    work(intake)

    assert (intake.files.get().state, intake.files.get().problem) == ("refused", "broke")


def test_rights_are_asked_once_more_when_it_is_done(world: World) -> None:
    intake = read(world.leif, {"Hjemmetjenesten/a.docx": word("Fall")})
    actions.take_in_chosen(intake=intake, by=world.leif, in_force=False)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Membership.objects.filter(user=world.leif).update(valid_from=yesterday, valid_to=yesterday)
    work(intake)

    assert not Document.objects.exists()
    assert intake.files.get().problem == "not_yours"


def test_what_was_guessed_is_put_right_before_it_is_kept(world: World, login: Login) -> None:
    intake = read(world.kristin)
    client = login(world.kristin)
    falls, rooms = row(intake, "v3.docx"), row(intake, "rom.docx")
    page = client.get(intake.get_absolute_url()).content.decode()
    assert "Fallforebygging" in page
    assert "kommuneloven § 25-1" in page

    client.post(
        falls.get_absolute_url(),
        {"title": "Fall", "type": "routine", "number": "R 5", "label": "2", "unit": "Helse og omsorg", "reach": "unit",
         "owner": "Sunniva Sand", "approved_by": "Rolf", "approved_on": "2024-01-02", "keep": "on", "next": "1"},
    )  # fmt: skip
    falls.refresh_from_db()
    assert (falls.title, base(falls), falls.number, falls.label) == ("Fall", "routine", "R-5", "2.0")
    assert (falls.unit, falls.owner) == (world.health, world.sunniva)
    wrong = client.post(falls.get_absolute_url(), {"title": "15076500565", "number": "?", "unit": "Ingensteds"})
    assert wrong.status_code == 200
    falls.refresh_from_db()
    assert falls.title == "Fall"

    many = f"{intake.get_absolute_url()}mange/"
    client.post(many, {"file": [falls.pk, rooms.pk], "unit": "Sykehjemmet", "keep": "0"})
    assert set(intake.files.filter(pk__in=[falls.pk, rooms.pk]).values_list("unit", "keep")) == {
        (world.nursing_home.pk, False)
    }
    client.post(f"{many}?mappe=Håndbok/03 Sykehjemmet", {"all": "1", "type": "form", "keep": "1"})
    assert list(intake.files.filter(type__base="form", keep=True)) == [rooms]

    client.post(f"{intake.get_absolute_url()}ta-inn/", {"in_force": "0"})
    work(intake)
    assert set(Document.objects.values_list("title", flat=True)) == {"Sjekkliste for rom", "Brannplan"}
    client.post(f"{intake.get_absolute_url()}avslutt/")
    assert row(intake, "v3.docx").state == "skipped"


def test_a_folder_and_single_files_are_uploaded_from_the_page(world: World, login: Login) -> None:
    client = login(world.leif)
    assert "1,000 files" in client.get("/handbok/hent-inn/").content.decode()

    answer = client.post("/handbok/hent-inn/", {"uploads": SimpleUploadedFile("Bok.zip", zipped(HANDBOOK))})
    intake = Intake.objects.get()
    assert answer["Location"] == intake.get_absolute_url()
    assert (intake.name, intake.files.count(), intake.stage) == ("Bok", 4, "reading")
    assert "0 of 4" in client.get(intake.get_absolute_url()).content.decode()
    assert client.get(f"{intake.get_absolute_url()}framdrift/").status_code == 200

    two = [SimpleUploadedFile("a.docx", word("A")), SimpleUploadedFile("b.docx", word("B"))]
    client.post("/handbok/hent-inn/", {"uploads": two})
    loose = Intake.objects.latest("pk")
    work(loose)
    assert list(loose.files.order_by("path").values_list("title", "state")) == [("A", "read"), ("B", "read")]
    through = client.get(f"{loose.get_absolute_url()}framdrift/")
    assert (through.status_code, through["HX-Refresh"]) == (204, "true")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.zip", b"", "x.zip"),
        ("x.zip", b"PK\x03\x04 ikke en zip", "x.zip"),
        ("x.zip", zipped({}), "x.zip"),
        ("x.zip", zipped({"__MACOSX/._a": b"x", "Thumbs.db": b"x"}), "x.zip"),
        ("15076500565.zip", zipped({"a.docx": b"x"}), "identity number"),
    ],
)
def test_what_is_no_folder_of_files_is_refused_in_one_sentence(
    world: World, login: Login, name: str, data: bytes, said: str
) -> None:
    answer = login(world.leif).post("/handbok/hent-inn/", {"uploads": SimpleUploadedFile(name, data)})

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Intake.objects.exists()


def test_it_must_come_from_our_own_page(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.leif, backend="kvalitetslosen.organisation.adapters.AuthenticationBackend")

    answer = client.post("/handbok/hent-inn/", {"uploads": SimpleUploadedFile("x.zip", zipped(HANDBOOK))})
    assert answer.status_code == 403
    assert not Intake.objects.exists()


def test_nobody_else_sees_what_somebody_brings(world: World, login: Login) -> None:
    intake = read(world.leif)
    here = intake.get_absolute_url()
    file = row(intake, "v3.docx").get_absolute_url()

    for who in (world.sunniva, world.kristin, world.mona):
        client = login(who)
        assert [client.get(each).status_code for each in (here, file, f"{here}framdrift/")] == [404] * 3
        assert [
            client.post(each).status_code
            for each in (file, *(f"{here}{part}/" for part in ("mange", "ta-inn", "avslutt", "slett")))
        ] == [404] * 5
        assert (
            "Håndbok" not in client.get("/handbok/hent-inn/").content.decode().split("<main")[1].split("<ul class")[-1]
        )
    assert login(world.nora).get("/handbok/hent-inn/").status_code == 403
    assert login(world.nora).get(here).status_code == 403
    assert [login(world.leif).get(f"{here}{part}/").status_code for part in ("mange", "ta-inn", "slett")] == [405] * 3


def test_the_files_are_gone_when_it_is_over_or_too_old(world: World, login: Login, settings: Any) -> None:
    with_files = read(world.leif)
    path = Path(with_files.archive.path)
    assert path.is_file()
    assert Path(settings.MEDIA_ROOT) in path.parents
    login(world.leif).post(f"{with_files.get_absolute_url()}slett/")
    assert not Intake.objects.exists()

    old = read(world.leif)
    lying = Path(old.archive.path)
    with time_machine.travel(timezone.now() + Intake.LIFE + datetime.timedelta(hours=1)):
        actions.sweep()
    assert not Intake.objects.exists()
    lying.touch()
    os.utime(lying, (1, 1))
    assert actions.clear_left_over() >= 1
    assert not lying.exists()


def test_the_pages_ask_as_much_for_many_files_as_for_few(world: World, login: Login) -> None:
    client = login(world.kristin)
    routine = DocumentType.objects.get(municipality=world.municipality, base="routine")

    def asked(count: int) -> int:
        intake = Intake.objects.create(
            owner=world.kristin, municipality=world.municipality, name=f"{count}", stage="checking"
        )
        IntakeFile.objects.bulk_create(
            IntakeFile(
                intake=intake, position=n, path=f"Mappe {n % 7}/{n}.docx", state="read", title=f"Rutine {n}",
                type=routine, unit=world.home_care, owner=world.leif, text="x",
            )
            for n in range(count)
        )  # fmt: skip
        client.get(intake.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(intake.get_absolute_url()).status_code == 200
        return len(queries)

    assert asked(10) == asked(1_000) <= 16


def test_names_and_places_in_an_archive_are_read_as_people_wrote_them() -> None:
    written = {
        "Håndbok/Prosedyre for å løfte.docx": "utf-8",
        "Ha\u030andbok/mac.docx": "utf-8",  # decomposed, as a Mac writes it
        "Rømning æøå dos.docx": "cp850",
        "Rømning æøå windows.docx": "cp1252",
        "../../etc/passwd.docx": "ascii",
        "C:\\Felles\\a.docx": "ascii",
        "__MACOSX/Håndbok/._a.docx": "utf-8",
        "Håndbok/~$lås.docx": "utf-8",
    }
    for said in (True, False):  # whether the archive says that a name is UTF-8
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as target:
            for name, encoding in written.items():
                target.writestr(Named(name, encoding, said and encoding == "utf-8"), b"x")
        found = archive.listed(data, "x.zip")
        assert {entry.path for entry in found.files} == {
            "Håndbok/Prosedyre for å løfte.docx", "Håndbok/mac.docx", "Rømning æøå dos.docx",
            "Rømning æøå windows.docx", "etc/passwd.docx", "C_/Felles/a.docx",
        }  # fmt: skip
        assert found.left_out == 2


class Named(zipfile.ZipInfo):
    """A name in the bytes some other program would write."""

    __slots__ = ("raw", "says_utf8")

    def __init__(self, name: str, encoding: str, says_utf8: bool) -> None:
        super().__init__(name)
        self.raw, self.says_utf8 = name.encode(encoding), says_utf8

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own hook
        return self.raw, self.flag_bits | (0x800 if self.says_utf8 else 0)


def test_an_archive_made_to_harm_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def code(data: bytes) -> str | None:
        with pytest.raises(ValidationError) as refusal:
            archive.listed(io.BytesIO(data), "x.zip")
        return refusal.value.code

    bomb = zipped({f"{n}.docx": b"\0" * 2_000_000 for n in range(3)})
    monkeypatch.setattr(archive, "MAX_UNPACKED", 5_000_000)
    assert code(bomb) == "too_large"
    monkeypatch.setattr(archive, "MAX_FILES", 2)
    assert code(zipped({f"{n}.docx": b"x" for n in range(3)})) == "too_many"
    monkeypatch.setattr(archive, "_MAX_DIRECTORY", 100)
    assert code(zipped({f"{n}.docx": b"x" for n in range(3)})) == "too_many"


def test_odd_files_in_the_folder_are_named_each_with_what_to_do(world: World) -> None:
    secret = bytearray(zipped({"a.docx": word("A")}))
    secret[6] |= 1  # the local header says it is encrypted, and so does the list
    secret[secret.index(b"PK\x01\x02") + 8] |= 1
    intake = read(
        world.kristin,
        {
            "tom.docx": b"",
            "inni.zip": zipped({"a.docx": word("A")}),
            "bilde.png": b"\x89PNG",
            "stor.docx": b"\0" * 20_000_001,
            "Pasient 15076500565/a.docx": word("A"),
            "ødelagt.docx": word("A")[:-100],
        },
    )
    problems = {each.path: each.problem for each in intake.files.all()}
    assert problems == {
        "tom.docx": "empty", "inni.zip": "archive", "bilde.png": "kind", "stor.docx": "too_large",
        "Pasient …/a.docx": "identity_number", "ødelagt.docx": "kind",
    }  # fmt: skip
    assert all(each.problem_in_words.strip() for each in intake.files.all())
    assert intake.stage == "checking"

    locked = io.BytesIO(bytes(secret))
    other = actions.begin(by=world.kristin, name="x", file=locked, listed=archive.listed(locked, "x.zip"))
    work(other)
    assert other.files.get().problem == "password"


def test_the_morning_page_says_that_files_wait(world: World, login: Login) -> None:
    intake = read(world.leif)
    assert intake.get_absolute_url() in login(world.leif).get("/").content.decode()
    assert intake.get_absolute_url() not in login(world.kristin).get("/").content.decode()

"""Cases and counts come from another system by spreadsheet: once each, marked with where from, where one may read."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from deviations import actions, figures
from deviations.actions import bringing
from deviations.lifecycle import State
from deviations.models import (
    Bringing,
    BroughtCase,
    BroughtCount,
    Deviation,
    FigureCount,
    Harm,
    Kind,
    OtherSystem,
    Source,
    Topic,
)
from deviations.report_sections import Report
from deviations.reports import Period
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import change
from kvalitetslosen.organisation.models import User
from kvalitetslosen.organisation.tables import Table
from kvalitetslosen.workdays import OSLO
from tests.deviations import cases
from tests.deviations.other_systems import CASES, SECRET, brought, counting, csv, looked_through, system, xlsx
from tests.people import World

Login = Callable[[User], Client]


@pytest.fixture(autouse=True)
def in_the_year_that_is_told_of() -> Iterator[None]:
    with time_machine.travel(datetime.datetime(2026, 11, 27, 12, tzinfo=OSLO)):
        yield


def kept_figures() -> dict[tuple[int, datetime.date, str, str], int]:
    return {(row.unit_id, row.month, row.measure, row.value): row.n for row in FigureCount.objects.exclude(n=0)}


def anew() -> dict[tuple[int, datetime.date, str, str], int]:
    counted = figures.counted_anew(Deviation.objects.order_by("pk")) + figures.ticks_counted_anew()
    return {key: n for key, n in counted.items() if n}


def test_cases_come_in_once_with_their_number_and_end_where_they_are_handled(world: World, login: Login) -> None:
    found = system(world)
    assert brought(login(world.leif), found, xlsx(*CASES)) == {"made": 2}
    first, second = Deviation.objects.order_by("pk")
    assert (first.text, first.source, first.state, first.outcome) == (
        SECRET, Source.ELSEWHERE, State.CLOSED, "Ny lås.",
    )  # fmt: skip
    assert timezone.localdate(first.reported_at) == first.happened_on == datetime.date(2026, 3, 2)
    assert (second.kind, second.state, second.handler, second.closed_by) == (Kind.NEAR_MISS, State.CLOSED, None, None)
    assert "Profil" in second.outcome, "it is handled there, and nobody here has a duty"
    page = login(world.leif).get(first.get_absolute_url()).text
    assert "Profil: P-1" in page
    assert "From another system" in page
    assert BroughtCase.objects.get(foreign_id="P-1").deviation == first
    assert not Event.objects.filter(type="deviations.reported").exists(), "nobody is mailed about each"
    assert all(SECRET not in str(event.data) for event in Event.objects.all())
    assert kept_figures() == anew()


def test_the_same_file_again_changes_nothing(world: World, login: Login) -> None:
    found = system(world)
    brought(login(world.leif), found, xlsx(*CASES))
    before, noted = list(Deviation.objects.order_by("pk").values()), Event.objects.count()
    client = login(world.leif)
    page = client.get(looked_through(client, found, xlsx(*CASES)))
    assert (page.context["new"], page.context["changed"], page.context["same"]) == (0, 0, 2)
    assert "Bring in what fits" not in page.text
    assert brought(login(world.kristin), found, xlsx(*CASES)) == {"same": 2}
    assert list(Deviation.objects.order_by("pk").values()) == before
    assert Event.objects.count() == noted + 1, "that somebody tried"
    address = Bringing.objects.latest("pk").get_absolute_url()
    assert login(world.kristin).post(address, {"hent": "1"}).status_code == 200
    assert Event.objects.count() == noted + 1


def test_a_changed_row_changes_what_is_theirs_and_not_what_was_changed_here(world: World, login: Login) -> None:
    found, fall = system(world), cases.category(world, "Fall")
    client = login(world.leif)
    brought(client, found, xlsx(*CASES))
    first, second = Deviation.objects.order_by("pk")
    actions.reclassify(deviation=second, by=world.leif, kind=Kind.RISK, category=fall, breached_document=None)
    again = [
        (*CASES[0][:3], "Døra sto åpen.", *CASES[0][4:]),
        (*CASES[1][:3], CASES[1][3], "Avvik", *CASES[1][5:]),
    ]
    assert brought(client, found, xlsx(*again)) == {"changed": 1, "kept": 1}
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.text == "Døra sto åpen."
    assert (second.kind, second.category) == (Kind.RISK, fall), "decided here"
    event = Event.objects.about(first).last()
    assert event is not None
    assert event.type == "deviations.brought_again"
    assert "Døra" not in str(event.data)
    assert kept_figures() == anew()


def test_what_is_open_there_can_be_handled_here_until_they_close_it(world: World, login: Login) -> None:
    found = system(world, handled_here=True)
    client = login(world.leif)
    brought(client, found, xlsx(*CASES))
    row = Deviation.objects.get(elsewhere__foreign_id="P-2")
    assert (row.state, row.handler) == (State.REPORTED, world.leif)
    assert row.receive_by > timezone.now()
    assert "Ask the reporter" not in client.get(row.get_absolute_url()).text
    closed = (*CASES[1][:6], "Lukket", "", "Batteri byttet.")
    assert brought(client, found, xlsx(closed)) == {"changed": 1}
    row.refresh_from_db()
    assert (row.state, row.outcome) == (State.CLOSED, "Batteri byttet.")
    assert brought(client, found, xlsx(closed)) == {"same": 1}
    assert kept_figures() == anew()


def test_a_case_that_stands_in_both_is_counted_once(world: World, login: Login) -> None:
    found, ours = system(world), cases.ordinary(world)
    client = login(world.leif)
    headings = ("Saksnr", "Avdeling", "Dato", "Beskrivelse", "Losen")
    row = ("P-9", "HB", "2026-03-02", "Det samme", ours.reference.lower())
    assert brought(client, found, xlsx(row, headings=headings)) == {"linked": 1}
    assert Deviation.objects.get() == ours
    assert "Profil: P-9" in client.get(ours.get_absolute_url()).text
    found.refresh_from_db()
    brought(client, found, xlsx(("P-10", "HB", "2026-03-02", "Likt", ""), headings=headings))
    theirs = Deviation.objects.get(elsewhere__foreign_id="P-10")
    actions.reopen(deviation=theirs, by=world.leif, note="Vi ser på den her.")
    actions.merge(deviation=theirs, by=world.leif, into=ours)
    report = Report.of(world.leif, "", Period.latest(24))
    assert report.total == 1, "merged into the one here, it is that one"
    assert client.get("/avvik/?status=alle").text.count("P-10") == 0
    assert kept_figures() == anew()


OTHERS = [pytest.param(who, marks=pytest.mark.one_kind) for who in ("kristin", "vidar", "per", "tiril")]


@pytest.mark.one_kind
@pytest.mark.parametrize("who", ["leif", "sunniva", *OTHERS])
def test_figures_apart_and_together_are_those_of_the_lists(world: World, login: Login, who: str) -> None:
    hse = cases.category(world, "Vold", Topic.HSE)
    found, counts = system(world), counting(world)
    client = login(world.leif)
    cases.ordinary(world, category=hse)
    cases.about_the_leader(world)
    rows = [("P-0", "HB", "2026-10-01", "Slag", "Avvik", "Vold", "Lukket", "2026-10-03", ""), *CASES]
    brought(client, found, xlsx(*rows))
    brought(client, counts, csv("Enhet;Kategori;Dato;Antall\nHB;Vold;2026-10-02;4\nHB;Vold;2026-11-02;2\n"))
    user = User.objects.get(pk=world.people[who].pk)
    number = {}
    for origin in ("", "her", "andre"):
        report = Report.of(user, "", Period.latest(12), origin)
        number[origin] = (report.total, report.ticked)
        if report.seen.listed:
            for section in report.sections:
                for row in section.rows:
                    for cell in row.cells:
                        if cell.href and "/avvik/" in cell.href:
                            shown = login(user).get(cell.href)
                            assert len(shown.context["page_of_cases"].rows) == cell.value, (origin, row, cell)
    assert number[""] == tuple(a + b for a, b in zip(number["her"], number["andre"], strict=True))
    assert number["andre"] == {"vidar": (1, 6), "per": (0, 0)}.get(who, (3, 6))
    if who not in ("per", "tiril"):  # nothing of theirs comes from elsewhere; reads it in the explorer
        assert "Registered here and elsewhere" in login(user).get("/rapporter/").text


def test_how_long_it_took_elsewhere_is_in_no_time_here(world: World, login: Login) -> None:
    brought(login(world.leif), system(world), xlsx(*CASES))
    assert not Report.of(world.leif, "", Period.latest(12)).histogram("closing")
    assert not Report.of(User.objects.get(pk=world.per.pk), "", Period.latest(12)).histogram("closing")


def test_counts_come_by_day_and_again_they_change_nothing(world: World, login: Login) -> None:
    cases.category(world, "Fall")
    found, client = counting(world), login(world.leif)
    text = "Avdeling;Type;Dato;Antall\nHjemmetjenesten;fall;2026-10-01;3\nHB;Fall;2026-10-02;1\n"
    assert brought(client, found, csv(text)) == {"made": 2}
    assert brought(client, found, csv(text)) == {"same": 2}
    assert brought(client, found, csv(text.replace(";3", ";5"))) == {"changed": 1, "same": 1}
    assert sorted(BroughtCount.objects.values_list("n", flat=True)) == [1, 5]
    assert kept_figures() == anew()
    figures.rebuild()
    assert kept_figures() == anew()


def test_columns_and_words_are_chosen_once_and_kept(world: World, login: Login) -> None:
    fall = cases.category(world, "Fall")
    found, client = system(world), login(world.leif)
    headings = ("Ref", "Team", "Når", "Fritekst", "Emne")
    rows = [("1", "Sone Nord", "2026-02-01", "Glatt", "Snubling"), ("2", "Sone Nord", "2026-02-02", "Is", "Annet")]
    address = looked_through(client, found, xlsx(*rows, headings=headings))
    chosen = {"f-id": "Ref", "f-unit": "Team", "f-date": "Når", "f-text": "Fritekst", "f-category": "Emne"}
    page = client.get(address)
    assert page.context["n_wrong"] == 2
    client.post(address, chosen)
    page = client.get(address)
    labels = {field.label: name for name, field in page.context["form"].fields.items()}
    choices = {labels["«Sone Nord»"]: str(world.home_care.pk), labels["«Snubling»"]: str(fall.pk)}
    client.post(address, chosen | choices | {labels["«Annet»"]: "-"})
    page = client.get(address)
    assert (page.context["new"], page.context["n_wrong"]) == (2, 0)
    found.refresh_from_db()
    assert brought(client, found, xlsx(*rows, headings=headings)) == {"made": 2}
    assert [row.category for row in Deviation.objects.order_by("pk")] == [fall, None]
    assert found.columns["text"] == "Fritekst"
    assert Event.objects.about(found).filter(type="deviations.system_mapped").count() == 2


def test_each_row_says_what_is_wrong_and_keeps_no_other_out(world: World, login: Login) -> None:
    found, client = system(world), login(world.leif)
    good = CASES[0]
    rows = [
        good,
        ("A", "Romstasjonen", *good[2:]), ("B", "HB", "i går", *good[3:]), ("C", "HB", "2031-01-01", *good[3:]),
        ("", "HB", *good[2:]), ("D", "HB", good[2], "=SUM(A1:A2)", *good[4:]), ("E", "HB", good[2], "", *good[4:]),
        ("F", "HB", good[2], "Gjelder 13014012345? nei: 01019012480", *good[4:]), ("G", "Sykehjemmet", *good[2:]),
        ("H", "HB", good[2], "x" * 6000, *good[4:]), ("I", "HB", "2026-03-02", "tekst", "", "", "", "2026-03-01", ""),
        ("J", "HB", good[2], "tekst", "", "Ukjent kategori", "", "", ""),
    ]  # fmt: skip
    page = client.get(looked_through(client, found, xlsx(*rows)))
    said = {row.number: " ".join(row.problems) for row in page.context["wrong"]}
    expected = {
        3: "No unit here is called", 4: "isn’t a date", 5: "has not been yet", 6: "“Their number” is empty",
        7: "holds a formula", 8: "“What happened” is empty", 10: "You may not read cases in Sykehjemmet",
        12: "closed before it happened", 13: "No category here is called",
    }  # fmt: skip
    for number, words in expected.items():
        assert words in said[number], number
    assert "01019012480" not in page.text
    outcome = brought(client, found, xlsx(*rows))
    assert outcome["made"] == 12 - outcome["refused"] >= 1
    assert not Deviation.objects.exclude(handling_unit=world.home_care).exists()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (csv(""), "er tom"),  # in the words of Django
        (csv("\n \n"), "empty"),
        (csv("Saksnr;Avdeling\n"), "no rows below the headings"),
        (csv("Id;Id\n1;2\n"), "two columns called"),
        (csv("Id;\0\n1;2\n"), "isn&#x27;t a spreadsheet"),
        (csv("Id\n" + "1\n" * 20_002), "too many rows"),
        (csv("Id\n" + "x" * 200_000), "damaged"),
        (csv("Id\n" + "1234567\n" * 700_000), "too big"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(world: World, login: Login, file: object, said: str) -> None:
    page = looked_through(login(world.leif), system(world), file)  # type: ignore[arg-type]
    assert said in page
    assert not Bringing.objects.exists()


def test_files_spoilt_at_random_never_fail_the_page(world: World, login: Login) -> None:
    found, client, rng = system(world), login(world.leif), random.Random(7)
    whole = xlsx(*CASES).read()
    for _ in range(40):
        spoilt = bytearray(whole)
        for _ in range(rng.randint(1, 30)):
            spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
        address = looked_through(client, found, SimpleUploadedFile("spoilt.xlsx", bytes(spoilt)))
        if address.startswith("/"):
            assert client.get(address).status_code == 200


def test_an_older_excels_letters_are_read(world: World, login: Login) -> None:
    cases.category(world, "Brøt avtale")
    text = "Enhet;Kategori;Dato;Antall\nHB;Brøt avtale;01.02.2026;2\n"
    assert brought(login(world.leif), counting(world), csv(text, "cp1252")) == {"made": 1}


def test_who_may_define_and_who_may_bring(world: World, login: Login) -> None:
    found = system(world)
    address = found.get_absolute_url()
    for who in ("leif", "sunniva", "rolf", "kaja", "kristin"):
        client = login(world.people[who])
        assert client.get(address).status_code == 200, who
        assert client.get(f"{address}fil/").status_code == 200, who
        for path in ("/avvik/kilder/ny/", f"{address}endre/"):
            assert client.get(path).status_code == 403, who
        for path in ("token/", "token/trekk/"):
            assert client.post(f"{address}{path}").status_code == 403, who
    for who in ("nora", "vidar", "per", "tiril"):
        assert login(world.people[who]).get(address).status_code == 403, who
        assert login(world.people[who]).get(f"{address}fil/").status_code == 403, who
    client = login(world.ada)
    assert client.get(address).status_code == 200
    assert client.get(f"{address}fil/").status_code == 403, "an administrator brings in nothing to read"
    assert login(world.mona).get(address).status_code == 404
    assert login(world.mona).get(f"{address}fil/").status_code == 404


def test_a_file_on_its_way_is_nobody_elses(world: World, login: Login) -> None:
    found = system(world)
    address = looked_through(login(world.leif), found, xlsx(*CASES))
    for who in ("sunniva", "kristin", "mona"):
        assert login(world.people[who]).get(address).status_code == 404, who
    assert login(world.ada).get(address).status_code == 403
    Bringing.objects.update(created_at=timezone.now() - Bringing.LIFE)
    assert login(world.leif).get(address).status_code == 404


def test_a_leader_whose_sight_is_narrowed_brings_nothing_from_far_below(world: World, login: Login) -> None:
    change(world.municipality.settings, "organisation.settings_changed", by=world.ada, narrow_upper_sight=True)
    page = login(world.rolf).get(looked_through(login(world.rolf), system(world), xlsx(*CASES)))
    assert page.context["n_wrong"] == 2


def test_a_system_is_set_up_renamed_and_put_out_of_use(world: World, login: Login) -> None:
    client = login(world.ada)
    assert "No other system is set up" in client.get("/avvik/kilder/").text
    sent = {"name": "Profil", "brings": "cases"}
    answer = client.post("/avvik/kilder/ny/", sent)
    found = OtherSystem.objects.get()
    assert answer["Location"] == found.get_absolute_url()
    assert "a system with that name already" in client.post("/avvik/kilder/ny/", sent).text
    client.post(f"{found.get_absolute_url()}endre/", {"name": "Gerica"})
    found.refresh_from_db()
    assert (found.name, found.is_active) == ("Gerica", False)
    assert login(world.leif).get(f"{found.get_absolute_url()}fil/").status_code == 403


def test_a_long_file_is_brought_in_bit_by_bit_and_goes_on_after_a_crash(world: World) -> None:
    found = system(world)
    columns = {"id": "Saksnr", "unit": "Avdeling", "date": "Dato", "text": "Beskrivelse"}
    rows = [(n, [str(n), "HB", "2026-02-01", f"Hendelse {n}"]) for n in range(2, 62)]
    kept = actions.read_file(
        system=found, by=world.leif, file_name="x.csv",
        table=Table(["Saksnr", "Avdeling", "Dato", "Beskrivelse"], rows),
    )  # fmt: skip
    Bringing.objects.filter(pk=kept.pk).update(begun_at=timezone.now(), columns=columns)
    assert bringing.go_on(kept.pk, seconds=0)
    kept.refresh_from_db()
    assert 0 < kept.done < 60
    Bringing.objects.filter(pk=kept.pk).update(worked_at=timezone.now())
    assert not bringing.go_on(kept.pk), "another is at it"
    Bringing.objects.filter(pk=kept.pk).update(worked_at=timezone.now() - bringing.LEASE * 2, done=0, outcome={})
    while bringing.go_on(kept.pk):
        pass
    kept.refresh_from_db()
    assert Deviation.objects.count() == 60, "begun anew, none came twice"
    assert kept.rows == []
    assert kept.outcome["made"] + kept.outcome["same"] == 60
    assert kept_figures() == anew()


def test_of_two_rows_with_one_number_neither_comes_in(world: World, login: Login) -> None:
    page = login(world.leif).get(looked_through(login(world.leif), system(world), xlsx(CASES[0], CASES[0], CASES[1])))
    assert (page.context["new"], page.context["n_wrong"]) == (1, 2)
    assert "stands in several rows: P-1" in page.text
    cases.category(world, "Fall")
    text = "Enhet;Kategori;Dato;Antall\nHB;Fall;2026-02-01;2\nHB;Fall;2026-02-01;3\n"
    page = login(world.leif).get(looked_through(login(world.leif), counting(world), csv(text)))
    assert "Add them together" in page.text


def test_the_harm_and_kind_of_their_words(world: World, login: Login) -> None:
    headings = ("Saksnr", "Avdeling", "Dato", "Beskrivelse", "Type", "Skade")
    rows = [
        ("1", "HB", datetime.date(2026, 2, 1), "a", "Forslag", "Alvorlig"),
        ("2", "HB", "2026-02-01", "b", "?", ""),
    ]
    brought(login(world.leif), system(world), xlsx(*rows, headings=headings))
    first, second = Deviation.objects.order_by("pk")
    assert (first.kind, first.harm) == (Kind.PROPOSAL, Harm.SERIOUS)
    assert (second.kind, second.harm) == (Kind.DEVIATION, Harm.UNKNOWN)


def test_what_one_may_not_see_is_not_changed_by_bringing_in_its_number(world: World, login: Login) -> None:
    """Hans leads another unit. With numbers he guesses he neither rewrites nor ends what is in home care."""
    found = system(world, handled_here=True)
    brought(login(world.leif), found, xlsx(*CASES))
    before = list(Deviation.objects.order_by("pk").values())
    guessed = [(*CASES[0][:1], "INST", CASES[0][2], "Byttet ut.", *CASES[0][4:]),
               ("P-2", "INST", "2026-03-03", "Byttet ut.", "Avvik", "", "Lukket", "", "Avsluttet.")]  # fmt: skip
    client = login(world.hans)
    page = client.get(looked_through(client, found, xlsx(*guessed)))
    assert (page.context["new"], page.context["changed"], page.context["same"]) == (0, 0, 2)
    assert brought(client, found, xlsx(*guessed)) == {"same": 2}
    assert list(Deviation.objects.order_by("pk").values()) == before
    assert brought(login(world.kristin), found, xlsx(*guessed)) == {"changed": 2}, "who sees them all takes it over"


def test_counts_of_a_unit_one_may_not_read_are_not_changed(world: World, login: Login) -> None:
    cases.category(world, "Fall")
    found = counting(world)
    headings = ("Id", "Enhet", "Kategori", "Dato", "Antall")
    brought(login(world.leif), found, xlsx(("T-1", "HB", "Fall", "2026-03-02", "4"), headings=headings))
    guessed = xlsx(("T-1", "INST", "Fall", "2026-03-02", "0"), headings=headings)
    client = login(world.hans)
    page = client.get(looked_through(client, found, guessed))
    assert (page.context["changed"], page.context["same"]) == (0, 1)
    guessed.seek(0)
    assert brought(client, found, guessed) == {"same": 1}
    row = BroughtCount.objects.get()
    assert (row.unit, row.n) == (world.home_care, 4)
    assert kept_figures() == anew()


def test_a_file_that_was_read_before_its_system_was_put_out_of_use_stays_out(world: World, login: Login) -> None:
    found = system(world)
    client = login(world.leif)
    address = looked_through(client, found, xlsx(*CASES))
    form = client.get(address).context["form"]
    actions.change_system(system=found, by=world.ada, is_active=False)
    chosen = {name: field.initial or "" for name, field in form.fields.items()}
    assert client.post(address, {**chosen, "hent": "1"}).status_code == 403
    assert not Deviation.objects.exists()


def test_who_reads_everywhere_is_asked_again_about_what_a_leader_said(world: World, login: Login) -> None:
    found, rows = system(world), [("1", "Sone Nord", "2026-02-01", "Glatt", *[""] * 5)]
    actions.keep_mapping(
        system=found, by=world.leif, columns={}, units={"sone nord": world.home_care.pk}, categories={}
    )
    page = login(world.leif).get(looked_through(login(world.leif), found, xlsx(*rows)))
    assert page.context["n_wrong"] == 0
    client = login(world.kristin)
    page = client.get(looked_through(client, found, xlsx(*rows)))
    assert page.context["n_wrong"] == 1
    asked = next(field for field in page.context["form"].fields.values() if field.label == "«Sone Nord»")
    assert asked.initial == world.home_care.pk, "what he said is filled in"


def test_a_first_row_without_headings_is_shown_to_nobody_else(world: World, login: Login) -> None:
    found, client = system(world), login(world.leif)
    headings = ("P-9", "HB", "2026-03-02", SECRET)
    address = looked_through(client, found, xlsx(*[(*headings[:3], "Alt vel")], headings=headings))
    chosen = {"f-id": "P-9", "f-unit": "HB", "f-date": "2026-03-02", "f-text": SECRET}
    client.post(address, chosen)
    found.refresh_from_db()
    assert found.columns["text"] == SECRET
    for who in (world.ada, world.sunniva, world.leif):
        assert SECRET not in login(who).get(found.get_absolute_url()).text

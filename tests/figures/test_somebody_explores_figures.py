"""Any question about what is counted, in an address that can be sent: its answer, the list behind a number, files."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from deviations import actions
from deviations.figures import rebuild
from deviations.models import Deviation, Kind, Source
from kvalitetslosen.figures import pictures
from kvalitetslosen.figures.answer import Answer
from kvalitetslosen.figures.question import Question
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import change
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.workdays import OSLO
from tests.people import World

PAGE, LIST = "/rapporter/utforsk/", "/rapporter/utforsk/liste/"
Login = Callable[[User], Client]


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=OSLO), tick=False) as frozen:
        yield frozen


def report(world: World, at: datetime.datetime | None = None, unit: Unit | None = None, **more: Any) -> Deviation:
    said: dict[str, Any] = {"by": world.nora, "kind": Kind.DEVIATION, "text": "Det ble glemt."} | more
    return actions.report(unit=unit or world.home_care, at=at, **said)


def ask(user: User, address: str) -> Answer:
    return Answer.to(Question.asked(User.objects.get(pk=user.pk), QueryDict(address)))


def numbers(answer: Answer) -> dict[str, list[float | None]]:
    return {row.name: [cell.value for cell in row.cells] for row in answer.figures.rows}


def test_the_first_answer_is_a_year_of_deviations_by_month_and_kind(world: World, login: Login) -> None:
    report(world)
    report(world, kind=Kind.RISK)
    answer = ask(world.leif, "")
    assert answer.question.unit == world.home_care
    assert [part.name for part in answer.columns] == [str(label) for label in Kind.labels]
    assert numbers(answer)["November 2026"] == [1, 0, 1, 0, 0, 2]
    assert len(answer.figures.rows) == 12
    page = login(world.leif).get(PAGE)
    assert page.status_code == 200
    assert "Deviations by month" in page.content.decode()


def test_each_number_leads_to_its_list_and_each_row_to_its_page(world: World, login: Login) -> None:
    case = report(world)
    report(world, kind=Kind.RISK)
    client = login(world.leif)
    page = BeautifulSoup(client.get(PAGE).content, "html.parser")
    link = page.select_one('#svar tbody td a[href*="type=deviation"]')
    assert link is not None
    listed = client.get(str(link["href"]))
    rows = BeautifulSoup(listed.content, "html.parser").select(".los-list a")
    assert [row["href"] for row in rows] == [case.get_absolute_url()]


def test_the_list_goes_on_page_by_page(world: World, login: Login) -> None:
    for _each in range(26):
        report(world)
    client = login(world.leif)
    first = BeautifulSoup(client.get(f"{LIST}?per=alt&del=ingen").content, "html.parser")
    assert len(first.select(".los-list li")) == 25
    older = first.select_one('a[rel="next"]')
    assert older is not None
    second = client.get(f"{LIST}{older['href']}")
    assert len(BeautifulSoup(second.content, "html.parser").select(".los-list li")) == 1


@pytest.mark.parametrize("path", ["utforsk/", "utforsk/liste/", "utforsk.csv", "utforsk.xlsx", "definisjoner/"])
def test_who_has_no_figures_is_refused_and_nothing_is_posted(world: World, login: Login, path: str) -> None:
    assert login(world.nora).get(f"/rapporter/{path}").status_code == 403
    assert login(world.leif).post(f"/rapporter/{path}").status_code == 405
    assert login(world.leif).get(f"/rapporter/{path}").status_code == 200


def test_one_goes_down_the_tree_by_the_names_of_the_units(world: World, login: Login) -> None:
    for unit in (world.home_care, world.nursing_home, world.nursing_home):
        report(world, unit=unit)
    client = login(world.rolf)
    for shown in ("stolpe", "varme"):
        address = f"{PAGE}?om=avvik&per=alt&del=under&del=type&type=deviation&vis={shown}"
        for name, n in (("Helse og omsorg", 3), ("Sykehjemmet", 2)):
            rows = BeautifulSoup(client.get(address).content, "html.parser").select("#svar tbody tr")
            links = {row.select("th")[0].get_text(): row.select("th a") for row in rows}
            assert "Fjelldal itself" not in links or not links["Fjelldal itself"]
            address = str(links[name][0]["href"])
            answer = ask(world.rolf, address.partition("?")[2])
            assert (answer.question.unit.name, answer.total.n) == (name, n)


def test_who_has_figures_only_has_no_way_down(world: World, login: Login) -> None:
    page = BeautifulSoup(login(world.tiril).get(f"{PAGE}?om=avvik&per=alt&del=under").content, "html.parser")
    assert not page.select("#svar tbody th a")


@pytest.mark.parametrize("place", [PAGE, LIST])
def test_an_address_from_somebody_with_more_figures_is_asked_of_ones_own_unit(
    world: World, login: Login, place: str
) -> None:
    """The question goes along, the rights don't: the same number as whoever asks it of that unit reads."""
    for unit in (world.home_care, world.nursing_home, world.nursing_home):
        report(world, unit=unit)
    asked = "om=avvik&per=alt&del=ingen&type=deviation"
    sent = f"{place}?{asked}&enhet={world.health.pk}&under={world.nursing_home.pk}"
    here = BeautifulSoup(login(world.leif).get(sent).content, "html.parser").select_one("main")
    own = BeautifulSoup(login(world.leif).get(f"{place}?{asked}").content, "html.parser").select_one("main")
    assert here is not None
    assert own is not None
    said = here.select_one(".ds-alert")
    assert said is not None
    assert said.get_text(strip=True) == "You have no figures of Helse og omsorg. These are those of Hjemmetjenesten."
    said.decompose()
    assert here.get_text().split() == own.get_text().split()
    assert "Sykehjemmet" not in here.get_text()


def test_a_unit_of_others_is_refused_and_one_of_another_municipality_is_not_there(world: World, login: Login) -> None:
    client = login(world.leif)
    for ending in ("csv", "xlsx"):
        assert client.get(f"/rapporter/utforsk.{ending}?enhet={world.nursing_home.pk}").status_code == 403
    assert client.get(f"{PAGE}?enhet={world.other_school.pk}").status_code == 404
    assert client.get(f"{PAGE}?enhet=tull").status_code == 404
    with pytest.raises(PermissionDenied):
        ask(world.leif, f"enhet={world.health.pk}")
    with pytest.raises(Http404):
        ask(world.leif, "enhet=99999999")


@pytest.mark.parametrize(
    "address",
    [
        "om=tull", "mal=tull", "fra=tull&til=2026-99", "fra=2026-11-31", "fra=2026-11&til=2025-01", "per=tull",
        "del=tull&del=tull2&del=alvor", "alvor=tull", "kategori=tull", "kategori=9999999999999999999999", "vis=tull",
        "rate=tull", "fra=0001-01&til=9999-12", "per=dag&fra=1990-01&til=2099-12", "ifjor=tull", "prosedyre=-1",
        "time=25&ukedag=x", "etter=tull&for=tull", "del=time&del=ukedag&per=uke&fra=2026-10-01&til=2026-10-31",
        "fra=2024-02-29&til=2024-02-29&ifjor=1&per=dag", "fra=2024-02-29&til=2024-02-29&ifjor=1&per=alt",
        "fra=2026-12-28&til=2027-01-03&per=uke&ifjor=1",
    ],
)  # fmt: skip
def test_nonsense_in_an_address_is_left_out_and_nothing_breaks(world: World, login: Login, address: str) -> None:
    report(world)
    client = login(world.leif)
    for path in (PAGE, LIST, "/rapporter/utforsk.csv", "/rapporter/utforsk.xlsx"):
        assert client.get(f"{path}?{address}").status_code == 200, path


def test_what_was_left_out_is_said(world: World) -> None:
    assert ask(world.leif, "om=tull").question.told
    assert ask(world.leif, "fra=tull").question.told
    assert ask(world.leif, "alvor=tull").question.told
    assert ask(world.leif, "fra=2026-10&til=2026-09").question.told
    assert not ask(world.leif, "om=avvik&alvor=high").question.told


def test_the_address_is_written_one_way_and_asks_the_same(world: World) -> None:
    report(world)
    first = ask(world.leif, "til=2026-11-30&fra=2025-12-01&del=type&vis=stolpe&type=deviation&type=deviation").question
    again = Question.asked(world.leif, QueryDict(first.address()))
    assert again.address() == first.address()
    assert "fra=2025-12&til=2026-11" in first.address()


def test_a_union_representative_reads_no_small_number_and_opens_no_list(world: World, login: Login) -> None:
    for _each in range(7):
        report(world)
    for _each in range(6):
        report(world, unit=world.school)
    report(world, kind=Kind.RISK)
    report(world, about_leader=True)
    answer = ask(world.tiril, "per=alt&del=type")
    told = {row.name: (row.cells[0].value, row.cells[0].words) for row in answer.figures.rows}
    assert told["Risk"] == (None, "1–4")
    assert told["Deviation"] == (None, "not told")  # or the one risk would be the rest of fourteen
    assert answer.figures.foot is not None
    assert answer.figures.foot.cells[0].value == 14  # the one about a leader is not among them
    assert not any(cell.href for row in answer.figures.rows for cell in row.cells)
    client = login(world.tiril)
    assert client.get(f"{LIST}?om=avvik").status_code == 403
    page = client.get(f"{PAGE}?per=alt&del=type").content.decode()
    assert "1–4" in page
    assert LIST not in page


def test_a_union_representative_narrows_nothing_and_splits_one_way(world: World) -> None:
    question = ask(world.tiril, "del=type&del=alvor&per=uke&alvor=high&fra=2026-03-02&til=2026-03-04").question
    assert question.filters == ()
    assert [each.key for each in question.split] == ["type"]
    assert question.by == ""
    assert (question.first, question.last) == (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    assert question.told
    assert ask(world.tiril, "del=time").question.split == ()
    assert ask(world.tiril, "mal=svar-innen").question.measure.key == "antall"


def test_the_one_a_case_is_about_never_counts_it(world: World) -> None:
    report(world, about_leader=True)
    assert ask(world.leif, "per=alt&del=ingen").total.n == 0
    assert ask(world.sunniva, "per=alt&del=ingen").total.n == 1
    shared = Question.asked(world.sunniva, QueryDict("per=alt&del=ingen"), for_all=True)
    assert Answer.to(shared).total.n == 0


def test_a_median_of_few_is_kept_from_those_who_read_along(world: World) -> None:
    for _each in range(4):
        actions.receive(deviation=report(world), by=world.leif)
    address = QueryDict("per=alt&del=ingen&mal=mottak")
    assert Answer.to(Question.asked(world.leif, address)).figures.rows[0].cells[0].value == 0
    shared = Answer.to(Question.asked(world.leif, address, for_all=True))
    assert shared.figures.rows[0].cells[0].value is None


def test_a_safety_representative_is_told_that_only_some_kinds_count(world: World, login: Login) -> None:
    report(world)
    assert ask(world.vidar, "per=alt&del=ingen").total.n == 0
    assert "Only some kinds of cases are counted" in login(world.vidar).get(PAGE).content.decode()


def test_a_leader_with_narrowed_sight_is_told_what_is_left_out(world: World, login: Login) -> None:
    words = "only cases of high or critical severity are counted"
    assert words not in login(world.rolf).get(PAGE).content.decode()
    change(world.municipality.settings, "organisation.settings_changed", by=None, narrow_upper_sight=True)
    assert words in login(world.rolf).get(PAGE).content.decode()
    assert words not in login(world.leif).get(PAGE).content.decode()


def test_a_case_counts_once_where_it_is_handled_now(world: World) -> None:
    case = report(world)
    actions.forward(deviation=case, by=world.leif, to=world.nursing_home, note="Hører til der.")
    address = f"enhet={world.health.pk}&per=alt&del=under"
    told = numbers(ask(world.sunniva, address))
    assert told["Hjemmetjenesten"] == [0]
    assert told["Sykehjemmet"] == [1]


def test_a_moved_unit_takes_its_figures_along(world: World) -> None:
    report(world)
    organisation.move_unit(unit=world.home_care, parent=world.school, by=None)
    assert ask(world.rolf, f"enhet={world.health.pk}&per=alt&del=ingen").total.n == 0
    assert ask(world.rolf, f"enhet={world.school.pk}&per=alt&del=ingen").total.n == 1


def test_a_closed_unit_keeps_what_it_had_and_counts_above(world: World) -> None:
    night = organisation.create_unit(parent=world.home_care, name="Nattpatruljen", code="NP", kind=Unit.Kind.TEAM)
    case = report(world, unit=night)
    actions.receive_and_close(deviation=case, by=world.leif, outcome="Gjort.", consequence=1, probability=1)
    organisation.close_unit(unit=night, on=datetime.date(2026, 11, 20), by=None)
    told = numbers(ask(world.leif, "per=alt&del=under"))
    assert told["Nattpatruljen"] == [1]
    assert ask(world.sunniva, "per=alt&del=ingen").total.n == 1


def test_what_is_reported_twice_counts_twice_and_what_another_system_sent_once(world: World) -> None:
    first, second = report(world), report(world)
    actions.merge(deviation=second, by=world.leif, into=first)
    assert ask(world.leif, "per=alt&del=ingen").total.n == 2
    assert numbers(ask(world.leif, "per=alt&del=status"))["Merged into another case"] == [1]
    Deviation.objects.filter(pk=second.pk).update(source=Source.ELSEWHERE)
    rebuild()
    assert ask(world.leif, "per=alt&del=ingen").total.n == 1
    assert ask(world.leif, "per=uke&del=ingen").total.n == 1


def test_every_source_is_named(world: World) -> None:
    for source in Source:
        Deviation.objects.filter(pk=report(world).pk).update(source=source)
    rebuild()
    told = numbers(ask(world.leif, "per=alt&del=kilde"))
    assert [told[str(name)] for name in Source.labels] == [[1]] * len(Source)


def test_a_case_opened_again_is_open_and_closes_anew(world: World, clock: Any) -> None:
    case = report(world)
    actions.receive_and_close(deviation=case, by=world.leif, outcome="Gjort.", consequence=1, probability=1)
    assert ask(world.leif, "per=alt&del=ingen&mal=lukking").total.n == 1
    case.refresh_from_db()
    actions.reopen(deviation=case, by=world.leif, note="Hendte igjen.")
    assert ask(world.leif, "per=alt&del=ingen&mal=lukking").total.n == 0
    told = numbers(ask(world.leif, "per=alt&del=status"))
    assert told["Closed"] == [0]
    clock.shift(datetime.timedelta(days=7))
    case.refresh_from_db()
    actions.close(deviation=case, by=world.leif, outcome="Gjort nå.")
    assert ask(world.leif, "per=alt&del=ingen&mal=lukking").figures.rows[0].cells[0].value == 5
    assert ask(world.leif, "per=alt&del=ingen&mal=mottak").figures.rows[0].cells[0].value == 0


def test_midnight_and_the_hour_that_comes_twice_are_norwegian(world: World) -> None:
    utc = datetime.UTC
    report(world, datetime.datetime(2026, 10, 24, 22, 30, tzinfo=utc))  # half past midnight on the 25th
    report(world, datetime.datetime(2026, 10, 25, 0, 30, tzinfo=utc))  # half past two, summer time
    report(world, datetime.datetime(2026, 10, 25, 1, 30, tzinfo=utc))  # half past two once more
    report(world, datetime.datetime(2026, 3, 29, 1, 30, tzinfo=utc))  # half past three: there was no two
    told = numbers(ask(world.leif, "per=dag&fra=2026-10-24&til=2026-10-26&del=ingen"))
    assert [row[0] for row in told.values()] == [0, 3, 0]
    hours = numbers(ask(world.leif, "per=alt&del=time"))
    assert hours["02–03"] == [2]
    assert hours["00–01"] == [1]
    assert hours["03–04"] == [1]


def test_week_53_is_a_week_of_its_own_and_compared_with_none(world: World) -> None:
    with time_machine.travel(datetime.datetime(2027, 1, 20, 10, tzinfo=OSLO), tick=False):
        report(world, datetime.datetime(2027, 1, 2, 12, tzinfo=OSLO))  # a Saturday of week 53, 2026
        report(world, datetime.datetime(2026, 1, 2, 12, tzinfo=OSLO))  # week 1, 2026
        answer = ask(world.leif, "per=uke&fra=2026-12-21&til=2027-01-10&del=ingen&ifjor=1")
    assert numbers(answer) == {"Week 52, 2026": [0, 0], "Week 53, 2026": [1, None], "Week 1, 2027": [0, 1]}


def test_february_is_compared_with_all_of_february(world: World) -> None:
    report(world, datetime.datetime(2024, 2, 29, 12, tzinfo=OSLO))
    answer = ask(world.leif, "per=maned&fra=2025-02&til=2025-02&del=ingen&ifjor=1")
    assert numbers(answer) == {"Februar 2025": [0, 1]}


def test_files_are_noted_in_the_journal(world: World, login: Login) -> None:
    report(world)
    client = login(world.leif)
    lines = client.get("/rapporter/utforsk.csv").content
    assert "November 2026;1;0;0;0;0;1" in lines.decode()
    client.get("/rapporter/utforsk.xlsx")
    assert Event.objects.filter(type="figures.taken_home", by=world.leif).count() == 2


def test_it_takes_as_many_queries_for_many_as_for_few(world: World, login: Login) -> None:
    client = login(world.leif)

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        return len(caught)

    paths = (PAGE, f"{PAGE}?del=under&del=kategori&per=uke&ifjor=1", f"{LIST}?per=alt&del=ingen")
    report(world)
    few = [queries(path) for path in paths] and [queries(path) for path in paths]
    for _each in range(30):
        report(world)
    assert [queries(path) for path in paths] == few
    assert few[0] <= 13  # one for the drafts the figures could go into


def test_the_definition_of_what_is_counted_is_one_tap_away(world: World, login: Login) -> None:
    client = login(world.leif)
    page = BeautifulSoup(client.get(PAGE).content, "html.parser")
    link = page.select_one('#svar a[href^="/rapporter/definisjoner/#"]')
    assert link is not None
    place = str(link["href"]).partition("#")[2]
    assert BeautifulSoup(client.get("/rapporter/definisjoner/").content, "html.parser").find(id=place) is not None


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_picture_draws(world: World, language: str) -> None:
    for _each in range(3):
        report(world)
    with translation.override(language):
        for address in (
            "del=type",
            "del=ingen&ifjor=1",
            "per=alt&del=under&del=alvor",
            "per=alt&del=alvor",
            "per=dag",
        ):
            answer = ask(world.rolf, address)
            for each in pictures.fitting(answer):
                assert each.draws(answer)


def test_five_years_of_two_splits_are_told_by_months_and_of_one_by_weeks(world: World) -> None:
    years = "fra=2021-12&til=2026-11&per=uke&del=type"
    assert ask(world.leif, years).question.by == "uke"
    both = ask(world.leif, f"{years}&del=status").question
    assert both.by == "maned"
    assert any("too long" in each for each in both.told)
    assert ask(world.leif, "fra=2025-12&til=2026-11&per=uke&del=type&del=status").question.by == "uke"


def test_a_pareto_chart_has_the_largest_first_and_a_line_for_what_they_make_up(world: World) -> None:
    for kind, times in ((Kind.RISK, 1), (Kind.DEVIATION, 3), (Kind.NEAR_MISS, 2)):
        for _each in range(times):
            report(world, kind=kind)
    drawn = BeautifulSoup(pictures.drawn(ask(world.leif, "om=avvik&per=alt&del=type&vis=pareto")), "html.parser")
    rows = [
        [cell.get_text(strip=True) for cell in row.select("th, td.number")] for row in drawn.select("table tbody tr")
    ]
    labels = {kind: str(kind.label) for kind in Kind}
    assert rows[:3] == [
        [f"1. {labels[Kind.DEVIATION]}", "3", "50 %"],
        [f"2. {labels[Kind.NEAR_MISS]}", "2", "83 %"],
        [f"3. {labels[Kind.RISK]}", "1", "100 %"],
    ]
    bars = [float(str(bar["height"])) for bar in drawn.select(".los-chart__bars rect[y]")]
    heights = [float(str(dot["cy"])) for dot in drawn.select(".los-chart__plot circle")]
    assert bars[0] == pytest.approx(3 * bars[2], abs=0.2)
    floor = heights[0] + bars[0]
    assert [floor - y for y in heights] == pytest.approx([bars[2] * n for n in (3, 5, 6)], abs=0.7)

"""Figures a writer puts into a report: from where, moved, taken out, frozen, and read by whom."""

from __future__ import annotations

import io
import re
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup, Tag
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from deviations import actions as deviations
from deviations.models import Category, Kind
from improvement import actions as improvement
from improvement import actions as improvements
from improvement.models import Topic
from improvement.whom_to_ask import leading
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import create
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.reports import actions, files, shown
from kvalitetslosen.reports.added import MOST
from kvalitetslosen.reports.models import Report
from tests.deviations import cases
from tests.people import World
from tests.ready_reports.conftest import Login, approved, drafted, reported, this_month, this_quarter

BY_KIND = "om=avvik&per=alt&del=type"


def question(unit: Unit, asked: str = BY_KIND) -> str:
    return f"{asked}&enhet={unit.pk}&{this_month().query}"


def put_in(report: Report, by: User, asked: str = BY_KIND, heading: str = "") -> str:
    asked = question(report.unit, asked)
    name = actions.add_figures(report=report, by=by, after="maned", asked=asked, heading=heading)
    report.refresh_from_db()
    return name


def page(client: Client, report: Report) -> BeautifulSoup:
    return BeautifulSoup(client.get(report.get_absolute_url()).content, "html.parser")


def part(soup: BeautifulSoup, name: str = "tall-1") -> Tag:
    found = soup.select_one(f"#{name}")
    assert found is not None
    return found


def numbers(soup: BeautifulSoup, name: str = "tall-1") -> list[str]:
    return [cell.get_text() for cell in part(soup, name).select("td.number")]


def order(soup: BeautifulSoup) -> list[str]:
    return [str(each["id"]) for each in soup.select("main div[lang] > section.los-card[id]")]


def test_a_question_goes_from_the_explorer_into_the_draft(month: World, login: Login) -> None:
    report, client = drafted(month), login(month.leif)
    explorer = client.get(f"{reverse('figures:explore')}?{question(month.home_care)}")
    add = reverse("reports:add_figures", args=[report.pk])
    link = BeautifulSoup(explorer.content, "html.parser").select_one(f'a[href^="{add}"]')
    assert link is not None
    seen = client.get(str(link["href"]))
    assert numbers(BeautifulSoup(seen.content, "html.parser"), "valgt")[0] == "7"
    answer = client.post(str(link["href"]), {"heading": "Hva slags", "place": "maned"})
    assert answer["Location"] == f"{report.get_absolute_url()}#tall-1"
    soup = page(client, report)
    assert "Hva slags" in part(soup).get_text()
    assert numbers(soup)[:2] == ["7", "1"]
    assert order(soup)[:3] == ["sammendrag", "maned", "tall-1"]
    reported(month, 2)
    assert numbers(page(client, report))[0] == "9"  # counted anew until it is approved


def test_it_can_take_the_reports_own_period(month: World, login: Login) -> None:
    report, client = drafted(month), login(month.leif)
    url = f"{reverse('reports:add_figures', args=[report.pk])}?om=avvik&fra=2020-01&til=2020-12&per=alt&del=ingen"
    assert "2020" in str(BeautifulSoup(client.get(url).content, "html.parser").select("form [name=period]")[0].parent)
    client.post(url, {"place": "maned", "period": "report"})
    client.post(url, {"place": "maned", "period": ""})
    soup = page(client, report)
    assert numbers(soup) == ["8"]
    assert "Nothing was counted" in part(soup, "tall-2").get_text()


def test_from_the_report_one_chooses_a_question_an_address_or_a_part_of_another_report(
    month: World, login: Login
) -> None:
    report, client = drafted(month), login(month.leif)
    url = reverse("reports:add_figures", args=[report.pk])
    assert url in str(page(client, report).select_one(".los-title__tools"))
    choices = client.get(url).content.decode()
    assert f"{url}?om=avvik" in choices
    assert f"{url}?side=meldevilkar/navn" in choices
    kept = f"https://kl.example{reverse('figures:explore')}?{question(month.home_care)}"
    answer = client.get(f"{url}?adresse={quote(kept)}")
    assert answer["Location"].startswith(f"{url}?om=avvik")
    assert client.get(answer["Location"]).status_code == 200
    assert "That is no question" in client.get(f"{url}?adresse=https%3A%2F%2Fvg.no").text
    client.post(f"{url}?side=meldevilkar/navn", {"place": ""})
    assert order(page(client, report))[0] == "tall-1"
    assert client.get(f"{url}?side=finnes/ikke")["Location"] == url


def test_it_is_moved_and_taken_out_before_it_is_approved(month: World, login: Login) -> None:
    report, client = drafted(month), login(month.leif)
    put_in(report, month.leif)
    put_in(report, month.leif, "om=avvik&per=maned&del=ingen")
    assert order(page(client, report))[1:4] == ["maned", "tall-2", "tall-1"]

    def press(name: str, words: str) -> None:
        for form in page(client, report).select(f'form[action*="/{name}/"]'):
            if form.get_text(strip=True) == words:
                sent = {str(each["name"]): str(each["value"]) for each in form.select("input[name]")}
                sent.pop("csrfmiddlewaretoken")
                assert client.get(str(form["action"])).status_code == 405
                client.post(str(form["action"]), sent)
                return
        raise AssertionError(words)

    press("tall-1", "Move up")
    assert order(page(client, report))[1:4] == ["maned", "tall-1", "tall-2"]
    press("tall-1", "Move up")
    press("tall-1", "Move up")
    assert order(page(client, report))[:2] == ["tall-1", "sammendrag"]
    assert not [form for form in page(client, report).select('form[action*="tall-1"]') if "Move up" in form.get_text()]
    press("tall-1", "Move down")
    assert order(page(client, report))[:2] == ["sammendrag", "tall-1"]
    actions.write(report=report, by=month.leif, texts={"tall-1": "Mine ord."})
    press("tall-1", "Take out")
    report.refresh_from_db()
    assert [each["name"] for each in report.added] == ["tall-2"]
    assert report.texts == {}
    events = Event.objects.about(report).count()
    actions.take_out_figures(report=report, by=month.leif, name="tall-1")
    actions.move_figures(report=report, by=month.leif, name="tall-2", after="maned")
    assert Event.objects.about(report).count() == events
    actions.approve(report=report, by=month.leif)
    for name in ("move_figures", "take_out_figures"):
        client.post(reverse(f"reports:{name}", args=[report.pk, "tall-2"]), {"seen": events + 1, "after": ""})
    assert client.post(reverse("reports:add_figures", args=[report.pk]) + f"?{BY_KIND}").status_code == 302
    report.refresh_from_db()
    assert [each["name"] for each in report.added] == ["tall-2"]
    assert b"Take out" not in client.get(report.get_absolute_url()).content


def test_whoever_looked_before_somebody_else_changed_it_is_told(month: World, login: Login) -> None:
    report = drafted(month)
    put_in(report, month.leif)
    seen = report.events_count
    actions.write(report=report, by=month.sunniva, texts={"sammendrag": "Ny."})
    url = reverse("reports:take_out_figures", args=[report.pk, "tall-1"])
    answer = login(month.leif).post(url, {"seen": seen}, follow=True)
    assert "Somebody was here before you" in answer.content.decode()
    report.refresh_from_db()
    assert report.added
    move = reverse("reports:move_figures", args=[report.pk, "tall-1"])
    assert login(month.leif).post(move, {"seen": report.events_count, "after": "tull"}).status_code == 404


@pytest.mark.parametrize("name", ["add_figures", "move_figures", "take_out_figures"])
def test_strangers_find_nothing_and_those_without_the_cases_may_not(month: World, login: Login, name: str) -> None:
    report = drafted(month)
    put_in(report, month.leif)
    args = [report.pk] if name == "add_figures" else [report.pk, "tall-1"]
    url = reverse(f"reports:{name}", args=args)
    for who in ("mona", "hans", "nora", "tiril"):
        assert login(month.people[who]).post(url, {"seen": report.events_count}).status_code == 404, who
    organisation.grant_role(user=month.greta, unit=month.municipality, role=Role.WORK_ENVIRONMENT)
    safety = drafted(month, name="hms", by=month.rolf, unit=month.municipality, period=this_quarter())
    url = reverse(f"reports:{name}", args=[safety.pk, *args[1:]])
    assert login(month.greta).post(url, {"seen": safety.events_count}).status_code == 403  # writes, has no cases
    assert url not in login(month.greta).get(safety.get_absolute_url()).content.decode()


def test_no_other_unit_than_the_reports_comes_in(month: World, login: Login) -> None:
    report = drafted(month)
    url = reverse("reports:add_figures", args=[report.pk])
    for other in (month.health, month.nursing_home):
        client = login(month.sunniva)
        assert client.get(f"{url}?{question(other)}")["Location"] == url
        explorer = client.get(f"{reverse('figures:explore')}?{question(other)}").content.decode()
        assert url not in explorer
    assert login(month.leif).get(f"{url}?{question(month.nursing_home)}").status_code == 403
    assert login(month.leif).get(f"{url}?{question(month.other_municipality)}").status_code == 404


def test_no_case_about_a_leader_is_counted(world: World, login: Login) -> None:
    reported(world, 5)
    cases.about_the_leader(world)
    report = drafted(world, by=world.sunniva, unit=world.health)
    put_in(report, world.sunniva, "om=avvik&per=alt&del=ingen")
    assert numbers(page(login(world.sunniva), report)) == ["5"]
    report = drafted(world, by=world.sunniva, unit=world.health)
    actions.approve(report=report, by=world.sunniva)
    assert numbers(page(login(world.sunniva), report)) == ["5"]


def test_it_stays_as_it_was_and_says_what_has_changed_since(month: World, login: Login) -> None:
    report = drafted(month)
    put_in(report, month.leif, heading="Hva slags")
    actions.approve(report=report, by=month.leif)
    reported(month, 3)
    client = login(month.leif)
    assert numbers(page(client, report))[0] == "7"
    found = shown.of(report, User.objects.get(pk=month.leif.pk), compare=True)
    assert {(each.then, each.now) for each in found.since["tall-1"].changes} == {(7, 10), (8, 11)}
    report.refresh_from_db()
    Report.objects.filter(pk=report.pk).update(added=[{"name": "tall-1", "after": "maned", "asked": "om=borte"}])
    report.refresh_from_db()
    gone = shown.of(report, User.objects.get(pk=month.leif.pk), compare=True)
    assert "tall-1" not in gone.since  # what can't be counted any more hasn't changed
    assert "7" in numbers(page(client, report))


@pytest.mark.parametrize(
    ("asked", "drawn"),
    [
        ("om=avvik&per=maned&del=ingen&fra=2026-01", "los-chart__plot"),
        ("om=avvik&per=uke&del=type", "los-series"),
        ("om=avvik&per=alt&del=type", "los-bar"),
        ("om=avvik&per=alt&del=type&del=alvor", "los-shades"),
        ("om=avvik&per=alt&del=type&vis=pareto", "los-bar"),
        ("om=avvik&per=maned&del=ingen&ifjor=1&fra=2026-01", "los-chart__plot"),
        ("om=avvik&mal=svar&per=alt&del=type", "los-figures"),
    ],
)
def test_it_is_drawn_with_its_table_on_page_paper_slides_and_in_the_spreadsheet(
    month: World, login: Login, asked: str, drawn: str
) -> None:
    report, client = drafted(month), login(month.leif)
    until = f"enhet={month.home_care.pk}&til={this_month().last:%Y-%m}"
    url = f"{reverse('reports:add_figures', args=[report.pk])}?{until}&{asked}"
    client.post(url, {"place": "maned", "heading": "Egne tall"})
    for _each in ("draft", "approved"):
        report.refresh_from_db()
        shown_part = part(page(client, report))
        assert drawn in str(shown_part)
        assert shown_part.select("table.los-figures td.number")
        slides = client.get(f"{reverse('reports:report_slides', args=[report.pk])}?alle=1").content.decode()
        assert "Egne tall" in slides
        book = load_workbook(io.BytesIO(client.get(reverse("reports:report_xlsx", args=[report.pk])).getvalue()))
        assert "Egne tall" in book.sheetnames
        reader = User.objects.get(pk=month.leif.pk)
        context = files.context_of(shown.of(report, reader), reader)
        paper = render_to_string("reports/paper.html", {**context, "printed": timezone.localtime(), "is_page": False})
        section = part(BeautifulSoup(paper, "html.parser"))
        assert section.select("td.number")
        assert not section.select("td.number a")
        assert bool(section.select(".los-report__picture img[alt]")) == ("per=maned" in asked or "per=uke" in asked)
        if report.is_draft:
            actions.approve(report=report, by=month.leif)


# Who reads what


def readers_numbers(world: World, login: Login, report: Report) -> list[str]:
    actions.share(report=report, by=report.writer, role=Role.UNION_REP)
    soup = page(login(world.tiril), report)
    assert not soup.select("td.number a")
    return numbers(soup)


def test_others_read_it_where_no_small_number_is_left_out_anywhere(world: World, login: Login) -> None:
    reported(world, 7)
    reported(world, 6, kind="near_miss")
    report = drafted(world)
    put_in(report, world.leif)
    actions.approve(report=report, by=world.leif)
    assert readers_numbers(world, login, report)[:2] == ["7", "6"]


def test_and_not_where_one_is_left_out_elsewhere(month: World, login: Login) -> None:
    """One near miss: the months of the report leave it out, and the kinds beside them would tell it."""
    report = drafted(month)
    put_in(report, month.leif, "om=avvik&per=alt&del=ingen")
    actions.approve(report=report, by=month.leif)
    assert readers_numbers(month, login, report) == []
    assert "could be reckoned" in part(page(login(month.tiril), report)).get_text()


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (f"{BY_KIND}&type=deviation", "ledermote"),  # narrowed: the rest is what it leaves out
        ("om=avvik&mal=virkning&per=alt&del=ingen", "ledermote"),
        ("om=avvik&per=alt&del=ingen&rate=ansatte", "ledermote"),  # of so and so many, it tells how many
        (BY_KIND, "hms"),  # all kinds of cases, in a report that counts some
    ],
)
def test_a_part_of_what_is_counted_and_a_share_are_never_read_by_others(
    world: World, login: Login, asked: str, name: str
) -> None:
    reported(world, 9)
    report = drafted(world, name=name)
    put_in(report, world.leif, asked)
    assert "reads your words here and not the numbers" in page(login(world.leif), report).get_text()
    actions.approve(report=report, by=world.leif)
    assert readers_numbers(world, login, report) == []


def test_a_longer_period_is_not_read_by_others(world: World, login: Login) -> None:
    reported(world, 9)
    report = drafted(world)
    actions.add_figures(
        report=report, by=world.leif, after="maned",
        asked=f"om=avvik&per=alt&del=ingen&fra=2025-01&til=2027-12&enhet={world.home_care.pk}",
    )  # fmt: skip
    actions.approve(report=report, by=world.leif)
    assert readers_numbers(world, login, report) == []


def test_whoever_has_the_report_and_not_these_cases_reads_no_small_number(month: World, login: Login) -> None:
    """The data protection officer has the privacy report, and of all cases those of privacy alone."""
    cases.privacy(month)
    report = drafted(month, name="personvern", by=month.rolf, unit=month.municipality)
    put_in(report, month.rolf)
    assert numbers(page(login(month.per), report))[0] == "1"  # in a draft what they may see themselves
    actions.approve(report=report, by=month.rolf)
    assert "1" in numbers(page(login(month.rolf), report))
    assert numbers(page(login(month.per), report)) == []


def test_what_only_leaders_have_is_not_read_in_full_by_others_with_the_report(month: World, login: Login) -> None:
    """Readings are leaders' figures: a quality contact has the report, and not these."""
    report = drafted(month, by=month.rolf, unit=month.municipality)
    put_in(report, month.rolf, "om=lesing&per=alt&del=ingen")
    soup = page(login(month.kristin), report)
    assert "you may not read it" in part(soup).get_text()
    actions.approve(report=report, by=month.rolf)
    assert "Nothing was counted" in part(page(login(month.rolf), report)).get_text()
    assert "Nothing was counted" not in part(page(login(month.kristin), report)).get_text()


def test_approved_by_somebody_who_may_not_read_it_the_report_is_without_it(month: World, login: Login) -> None:
    report = drafted(month, by=month.rolf, unit=month.municipality)
    put_in(report, month.rolf, "om=lesing&per=alt&del=ingen")
    actions.approve(report=report, by=month.kristin)
    assert not page(login(month.rolf), report).select("#tall-1")


def test_actions_count_nobody_and_are_read_by_all(month: World, login: Login) -> None:
    improvements.plan(
        by=month.leif, owner=month.nora, unit=month.home_care, what="Ny liste", deadline=timezone.localdate()
    )
    report = drafted(month)
    put_in(report, month.leif, "om=tiltak&per=alt&del=ingen")
    actions.approve(report=report, by=month.leif)
    assert readers_numbers(month, login, report) == ["1"]


def test_a_report_takes_so_many_and_no_more(month: World, login: Login) -> None:
    report, client = drafted(month), login(month.leif)
    for _each in range(MOST):
        put_in(report, month.leif)
    url = f"{reverse('reports:add_figures', args=[report.pk])}?{question(month.home_care)}"
    assert client.get(url)["Location"] == report.get_absolute_url()
    assert actions.add_figures(report=report, by=month.leif, after="", asked=BY_KIND) == ""
    report.refresh_from_db()
    assert len(report.added) == MOST


def test_what_the_writer_calls_it_is_in_no_journal(month: World) -> None:
    report = drafted(month)
    put_in(report, month.leif, heading="Ord ingen skal gjenta")
    assert all("Ord ingen" not in str(event.data) for event in Event.objects.about(report))


def test_one_approved_before_figures_could_be_added_opens(month: World, login: Login) -> None:
    report = approved(month)
    assert report.frozen is not None
    old = report.frozen
    for each in old["parts"]:
        for name in ("added", "others", "across"):
            del each[name]
        for row in [*(each["figures"] or {"rows": []})["rows"]]:
            row["cells"] = [cell[:2] for cell in row["cells"]]
    Report.objects.filter(pk=report.pk).update(frozen=old)
    assert login(month.leif).get(report.get_absolute_url()).status_code == 200


def test_what_only_the_year_before_had_is_a_small_number_too(world: World, login: Login) -> None:
    today = timezone.now()
    for name, now, then in (("Fall", 7, 9), ("Vold", 6, 8), ("Brann", 0, 2)):
        category = create(Category(municipality=world.municipality, name=name), "deviations.category_added", by=None)
        for at in [today] * now + [today.replace(year=today.year - 1, day=3)] * then:
            deviations.report(
                by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil", at=at, category=category
            )
    for asked, told in ((BY_KIND, ["13", "19"]), ("om=avvik&per=alt&del=hovedkategori", [])):
        report = drafted(world, name="handboka")
        put_in(report, world.leif, f"{asked}&ifjor=1")
        actions.approve(report=report, by=world.leif)
        assert readers_numbers(world, login, report)[-2:] == told


def test_beside_all_cases_a_median_does_not_tell_how_many_were_not_measured(world: World, login: Login) -> None:
    for case in reported(world, 9)[:7]:
        deviations.receive(deviation=case, by=world.leif)
    report = drafted(world, name="handboka")
    put_in(report, world.leif, "om=avvik&per=alt&del=ingen")
    put_in(report, world.leif, "om=avvik&mal=mottak&per=alt&del=ingen")
    actions.approve(report=report, by=world.leif)
    assert readers_numbers(world, login, report) == ["9"]
    told = part(page(login(world.tiril), report), "tall-2").get_text()
    assert "Working days to receipt: 0 in" in told
    assert not re.search(r"\b7\b", told)


def test_what_each_counts_of_their_own_is_read_in_full_by_whoever_approved_it(world: World, login: Login) -> None:
    """Questions are counted for the two: somebody else who leads the same unit has none of them."""
    whom = leading(world.sunniva, world.home_care)
    assert whom is not None
    improvement.ask(by=world.sunniva, whom=whom, topic=Topic.LEARNING, question="Hva lærte dere?")
    organisation.grant_role(user=world.nora, unit=world.home_care, role=Role.LEADER)
    report = drafted(world)
    put_in(report, world.leif, "om=sporsmal&per=alt&del=ingen")
    actions.approve(report=report, by=world.leif)
    assert numbers(page(login(world.leif), report)) == ["1"]
    assert numbers(page(login(world.nora), report)) == []
    assert not shown.of(report, User.objects.get(pk=world.nora.pk), compare=True).since


@pytest.mark.parametrize("address", ["", "http://[", "//\u2100/rapporter/utforsk/?om=avvik", "x" * 20_000])
def test_what_is_no_address_at_all_is_said_to_be_none(world: World, login: Login, address: str) -> None:
    report = drafted(world)
    url = reverse("reports:add_figures", args=[report.pk])
    answer = login(world.leif).get(url, {"adresse": address})
    field = BeautifulSoup(answer.content, "html.parser").select_one("#adresse")
    assert field
    assert field["value"] == address[:2000], "what was pasted is kept"
    assert field["aria-describedby"] == "adresse-feil"
    assert "That is no question" in answer.content.decode()


@pytest.mark.parametrize("heading", ["a" * 30 + "'b", "''", "[/]", "Feil\x0bog\ufffe avvik", "=1+1", "<script>"])
def test_any_heading_stands_on_the_page_and_in_the_spreadsheet(month: World, login: Login, heading: str) -> None:
    report, client = drafted(month), login(month.leif)
    put_in(report, month.leif, heading=heading)
    assert b"<script><" not in client.get(report.get_absolute_url()).content
    book = load_workbook(io.BytesIO(client.get(reverse("reports:report_xlsx", args=[report.pk])).getvalue()))
    run = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert all(each.startswith("=SUBTOTAL(") for each in run)


@pytest.mark.parametrize("asked", ["del=hovedkategori", "del=alvor", "del=ingen&hovedkategori=-", "del=styrke"])
def test_actions_tell_of_nobody_but_by_the_cases_they_are_for(month: World, login: Login, asked: str) -> None:
    """One action of a case about violence tells of one, in a report that leaves out how many there were."""
    case = reported(month, 1)[0]
    today = timezone.localdate()
    improvement.plan(by=month.leif, what="Snakke sammen", owner=month.leif, deadline=today, deviation=case)
    report = drafted(month)
    put_in(report, month.leif, f"om=tiltak&per=alt&{asked}")
    actions.approve(report=report, by=month.leif)
    assert "1" in numbers(page(login(month.leif), report))
    assert ("1" in readers_numbers(month, login, report)) is (asked == "del=styrke")

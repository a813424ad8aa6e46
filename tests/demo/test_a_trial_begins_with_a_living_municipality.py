"""The demo world: loaded once through the product's own actions, whole, and with something waiting for each log-in."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from deviations import figures, pages
from deviations.lifecycle import State
from deviations.models import Deviation, Duty, Example, FigureCount, Message
from documents import actions as documents
from documents import pages as handbook_pages
from documents.models import Approval, Document, HandbookReading, Hearing, Version
from improvement.models import Action, Adoption, AgendaItem, Improvement, LearningStory
from kvalitetslosen import identity_numbers
from kvalitetslosen.demo.cases import stems
from kvalitetslosen.demo.logins import LOGINS, PASSWORD, accounts
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.verify import Count, verify
from kvalitetslosen.notifications.models import Email
from kvalitetslosen.organisation.models import Deputy, Membership, Role, Unit, User
from kvalitetslosen.reports.models import Report, Schedule
from kvalitetslosen.ui.registry import menu_entries
from tests.morning import shown

SIZE = 160
EVERYBODY = [login.email for login in LOGINS]

# Together, so that one process loads the demo world and not each of them.
pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module", autouse=True)
def demo_world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Loaded once for all the tests here, and rolled back after the last of them."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        outer = transaction.atomic()
        outer.__enter__()
        try:
            call_command("load_demo", size=SIZE, verbosity=0)
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


def user(email: str) -> User:
    return User.objects.select_related("municipality").get(email=email)


def logged_in(email: str) -> Client:
    client = Client()
    client.force_login(user(email), backend="kvalitetslosen.organisation.adapters.AuthenticationBackend")
    return client


def test_the_log_in_page_lists_every_account_with_its_role() -> None:
    assert [account.email for account in accounts()] == EVERYBODY


PARTS = {
    "ansatt", "leder", "sjef", "radmann", "kvalitet", "admin", "verneombud", "tillitsvalgt", "personvernombud", "amu",
    "bht",
}  # fmt: skip


@pytest.mark.parametrize("domain", ["aseral", "marnardal", "audnedal"])
def test_each_municipality_has_somebody_in_each_role(domain: str) -> None:
    here = {email.split("@")[0] for email in EVERYBODY if email.endswith(f"@{domain}.example")}
    assert here >= PARTS
    roles = Membership.objects.on(timezone.localdate()).filter(user__email__in=EVERYBODY, unit__level_0__isnull=False)
    held = set(roles.filter(user__email__endswith=f"@{domain}.example").values_list("role", flat=True))
    assert held == set(Role.values)


@pytest.mark.parametrize("email", EVERYBODY)
def test_the_first_page_says_something_to_every_account(email: str) -> None:
    page = BeautifulSoup(logged_in(email).get("/").content, "html.parser")
    sections = page.select("main h2")
    assert sections, email
    assert not page.select("main .los-empty"), email


def test_those_of_one_municipality_stand_together_on_the_log_in_page() -> None:
    with override_settings(DEMO=True):
        page = BeautifulSoup(Client().get(reverse("account_login")).content, "html.parser")
    towns = {
        str(heading.get_text()): [str(each["value"]) for each in heading.find_next("ul").select("button[name=login]")]  # type: ignore[union-attr]
        for heading in page.select("h3")
    }
    assert list(towns) == ["Åseral", "Marnardal", "Audnedal", "Bjelland"]
    assert [email for emails in towns.values() for email in emails] == EVERYBODY


def test_one_logs_in_with_the_password_that_is_told() -> None:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": "leder@aseral.example", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("email", EVERYBODY)
def test_every_page_of_the_menu_opens_for_every_account(email: str) -> None:
    client = logged_in(email)
    me = user(email)
    entries = [entry for entry in menu_entries() if entry.visible(me)]
    assert entries
    for url in ["/", *(reverse(entry.url_name) for entry in entries)]:
        assert client.get(url).status_code == 200, f"{email} {url}"


def test_each_municipality_has_duties_to_tell_running_late_done_and_not_needed() -> None:
    for municipality in Unit.objects.municipalities().exclude(code="BJE"):  # that one has just begun
        rows = list(Duty.objects.filter(municipality=municipality))
        assert {"running", "done", "not_needed"} == {row.state for row in rows}, municipality
        assert any(row.is_late for row in rows if row.is_running), municipality
        assert all(row.deviation.is_open for row in rows if row.is_running)
    page = logged_in("personvernombud@aseral.example").get("/").text
    assert "data-clock" in page


@pytest.mark.parametrize("code", ["AAS", "MAR", "AUD"])
def test_one_story_is_whole(code: str) -> None:
    """Reports → meeting → improvement → chart → procedure → story → tried next door, one after the other."""
    here = Unit.objects.get(code=code, parent=None)
    improvement = Improvement.objects.get(unit__level_0=here.pk, version__isnull=False)
    cases = [tie.deviation for tie in improvement.ties.order_by("deviation__reported_at")]
    assert [case.state for case in cases] == [State.CLOSED] * 3
    assert len({case.category_id for case in cases}) == 1
    item = AgendaItem.objects.get(deviation=cases[-1], meeting__state="approved")
    assert max(case.closed_at for case in cases if case.closed_at) < item.meeting.starts_at < improvement.begun_at
    measure, version = improvement.measures.get(), improvement.version
    assert measure.verdict == "improved"
    assert version
    assert version.state == "in_force"
    story = LearningStory.objects.get(deviation=cases[-1])
    assert improvement.finished_at
    assert story.published_at
    assert improvement.finished_at < story.published_at
    assert story.measure_id == measure.pk
    tried = Adoption.objects.get(story=story)
    assert tried.level_0 != here.pk
    assert story.published_at < tried.at


@pytest.mark.one_kind
def test_one_municipality_has_just_begun_and_can_take_over_the_handbook_of_another(
    tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    client = logged_in("admin@bjelland.example")
    assert b'type="file"' in client.get("/handbok/les-tilbake/").content
    call_command("write_handbook", str(tmp_path / "handbok.zip"), municipality="AUD", stdout=StringIO())
    with (tmp_path / "handbok.zip").open("rb") as file:
        client.post("/handbok/les-tilbake/", {"file": file})
    documents.go_on_reading_back(HandbookReading.objects.get().pk)
    reading = HandbookReading.objects.get()
    assert reading.why == ""
    assert (
        reading.documents
        == Document.objects.filter(level_0=Unit.objects.municipalities().get(code="AUD").pk).count()
        > 10
    )
    assert b"has documents already" in client.get("/handbok/les-tilbake/").content


@pytest.mark.parametrize("email", ["leder@aseral.example", "leder@marnardal.example", "leder@audnedal.example"])
def test_a_leader_has_two_cases_to_receive_and_one_near_its_deadline(email: str) -> None:
    leader = user(email)
    assert (shown(leader, pages.to_receive) or {})["count"] == 2
    assert (shown(leader, pages.reporter_waits) or {})["count"] >= 1
    assert (shown(leader, pages.towards_deadline) or {})["count"] >= 1
    assert Version.objects.to_approve(leader).count() == 1


@pytest.mark.parametrize("email", ["ansatt@aseral.example", "ansatt@marnardal.example", "ansatt@audnedal.example"])
def test_everybody_finds_what_to_do_in_a_fire(email: str) -> None:
    assert "Brannvern" in logged_in(email).get("/handbok/", {"q": "brann"}).content.decode()


@pytest.mark.parametrize(("town", "heading"), [("aseral", "Når på døgnet"), ("marnardal", "Når på døgnet")])
def test_a_draft_has_figures_its_writer_added_and_a_report_comes_to_people_by_name(town: str, heading: str) -> None:
    leader = user(f"leder@{town}.example")
    draft = Report.objects.get(writer=leader, state="draft")
    page = logged_in(leader.email).get(draft.get_absolute_url()).content.decode()
    assert heading in page
    plan = Schedule.objects.get(kind="meldevilkar", level_0=leader.municipality_id)
    chief = logged_in(f"radmann@{town}.example" if town == "aseral" else plan.owner.email)
    page = chief.get(plan.get_absolute_url()).content.decode()
    assert all(each.person.name in page for each in plan.named.running())
    assert plan.named.running().count() >= 1


def test_documents_are_at_every_stage_of_their_lives() -> None:
    here = Version.objects.filter(document__level_0=user("leder@aseral.example").municipality_id)
    assert {"draft", "hearing", "approval", "scheduled", "in_force", "replaced"} <= set(
        here.order_by().values_list("state", flat=True)
    )
    late, under_way = Hearing.objects.open().order_by("deadline")
    assert (late.is_late, late.responses.count(), under_way.is_late, under_way.responses.count()) == (
        True,
        0,
        False,
        2,
    )
    assert shown(user("ansatt@aseral.example"), handbook_pages.to_hear)
    assert shown(user("sjef@aseral.example"), handbook_pages.to_approve)


def test_each_version_says_something_the_one_before_did_not() -> None:
    of_document: dict[int, str] = {}
    for version in Version.objects.once_in_force().order_by("document", "major", "minor"):
        said = f"{version.title} {version.body}"
        assert of_document.get(version.document_id) != said, f"{version.document.number} {version.label}"
        of_document[version.document_id] = said


def test_a_version_waits_for_a_deputy() -> None:
    waiting = Approval.objects.get(state="asked", approver_for__isnull=False)
    assert (waiting.approver, waiting.approver_for) == (
        user("radmann@marnardal.example"),
        user("stian.nome@marnardal.example"),
    )


@pytest.mark.parametrize("email", ["ansatt@aseral.example", "ansatt@marnardal.example", "ansatt@audnedal.example"])
def test_an_employee_has_an_answer_and_a_question(email: str) -> None:
    assert shown(user(email), pages.questions_to_me)
    assert shown(user(email), pages.answers_to_me)
    assert Action.objects.open().filter(owner__email=email).exists()
    assert Action.objects.shared_with(user(email)).exists()


@pytest.mark.parametrize("email", ["sjef@aseral.example", "radmann@aseral.example"])
def test_those_above_have_what_was_sent_up(email: str) -> None:
    assert shown(user(email), pages.to_receive)
    assert shown(user(email), pages.towards_deadline)


@pytest.mark.parametrize("email", ["ansatt@aseral.example", "ansatt@marnardal.example", "ansatt@audnedal.example"])
def test_the_form_has_examples_from_where_one_works(email: str) -> None:
    home = user(email).standing.home
    assert home is not None
    near = list(Example.objects.near(home))
    assert len(near) == 3
    assert near[0].unit_id != home.municipality_id


def test_the_head_of_health_leads_the_sector_home_care_lies_in() -> None:
    led = Unit.objects.led_by(user("sjef@aseral.example"))
    assert {"PO", "HB", "INST"} <= set(led.values_list("code", flat=True))


def test_officers_see_the_cases_the_law_gives_them() -> None:
    privacy = Deviation.objects.visible_to(user("personvernombud@aseral.example")).filter(topic="privacy")
    safety = Deviation.objects.visible_to(user("verneombud@aseral.example")).filter(topic="hse")
    assert privacy.exists()
    assert safety.exists()


def test_some_actions_went_along_to_another_case_and_some_cases_became_proposals() -> None:
    went = Event.objects.filter(type="improvement.action_followed").values("subject_id")
    assert Action.objects.open().filter(pk__in=went).exists()
    assert Event.objects.filter(type="deviations.made_proposal").exists()


def test_each_municipality_has_an_improvement_finished_one_tried_and_an_idea() -> None:
    for code in ("AAS", "MAR", "AUD"):
        municipality = Unit.objects.municipalities().get(code=code)
        rows = {row.state: row for row in Improvement.objects.filter(level_0=municipality.pk)}
        assert set(rows) == {"finished", "try", "analyse"}, code
        assert rows["finished"].is_in_force
        assert rows["finished"].measures.exists()
        assert rows["try"].trials.count() == 2
        assert rows["try"].cases.exists()


def test_every_state_is_there_and_some_are_late() -> None:
    assert set(Deviation.objects.values_list("state", flat=True)) == set(State.values)
    assert Deviation.objects.overdue().exists() or Action.objects.overdue().exists()


def test_what_is_late_is_late_by_weeks_and_some_of_it_is_in_time() -> None:
    oldest = Action.objects.open().order_by("deadline").values_list("deadline", flat=True)[0]
    assert oldest > timezone.localdate() - datetime.timedelta(days=60)
    assert Action.objects.open().filter(deadline__gte=timezone.localdate()).exists()


def test_an_action_at_a_school_is_about_schools() -> None:
    """Nobody tidies a medicine room there."""
    schools = Action.objects.filter(unit__name__icontains="skule") | Action.objects.filter(
        unit__name__icontains="skole"
    )
    assert schools.exists()
    assert not schools.filter(what__icontains="medisinrom").exists()
    assert not schools.filter(what__icontains="primærkontakt").exists()


def test_a_procedure_that_was_not_followed_is_about_the_same_as_the_case() -> None:
    cases = Deviation.objects.exclude(breached_document=None)
    assert cases.exists()
    for case in cases.select_related("category__parent", "breached_document"):
        kinds = [case.category, case.category.parent] if case.category else []
        about = " ".join([case.text, *(f"{kind.name} {kind.name_nn}" for kind in kinds if kind)])
        if case.category:
            assert stems(about) & stems(str(case.breached_document.title)), about  # type: ignore[union-attr]
    assert Deviation.objects.filter(state=State.REPORTED, receive_by__lt=timezone.now()).exists()
    assert Deviation.objects.filter(naming="sealed").exists()
    assert Deviation.objects.exclude(about=None).exists()
    assert set(Version.objects.values_list("state", flat=True)) >= {"in_force", "replaced", "approval", "draft"}
    assert Document.objects.past_review().exists()


def test_the_world_spans_two_years_and_nothing_lies_ahead() -> None:
    times = Deviation.objects.order_by("reported_at").values_list("reported_at", flat=True)
    assert (timezone.now() - times[0]).days > 600
    assert not Event.objects.filter(at__gt=timezone.now()).exists()


def test_every_sector_has_a_leader_and_one_stands_in_today() -> None:
    for sector in Unit.objects.filter(kind=Unit.Kind.SECTOR).exclude(code="KD"):
        assert Membership.objects.filter(unit=sector, role=Role.LEADER).exists(), sector
    assert Deputy.objects.on(timezone.localdate()).exists()


def test_no_case_lacks_somebody_to_handle_it() -> None:
    assert not Deviation.objects.open().filter(handler=None).exists()


def test_no_identity_number_stands_in_any_text() -> None:
    texts = [
        *Deviation.objects.values_list("text", flat=True),
        *Deviation.objects.values_list("outcome", flat=True),
        *Message.objects.values_list("text", flat=True),
        *Version.objects.values_list("text", flat=True),
    ]
    assert texts
    assert [text for text in texts if identity_numbers.find(text)] == []


def test_the_figures_are_those_of_the_cases() -> None:
    kept = {(row.unit_id, row.month, row.measure, row.value): row.n for row in FigureCount.objects.all() if row.n}
    assert kept == dict(figures.counted_anew(Deviation.objects.order_by("pk")) + figures.ticks_counted_anew())


def test_the_journal_holds_together() -> None:
    count = Count()
    assert list(verify(count)) == []
    assert count.events > SIZE


def test_old_events_send_no_mail_and_the_newest_do() -> None:
    mails = Email.objects.select_related("event")
    assert 5 < mails.count() < 100
    told = Counter(mail.name for mail in mails)
    assert told["deviations.arrived"] >= 2
    assert all((timezone.now() - mail.event.at).days <= 2 for mail in mails if mail.event)


def test_loading_a_second_time_does_nothing() -> None:
    before = (Event.objects.count(), User.objects.count(), Email.objects.count())
    said = StringIO()
    call_command("load_demo", stdout=said)
    assert "already" in said.getvalue()
    assert (Event.objects.count(), User.objects.count(), Email.objects.count()) == before


@pytest.mark.parametrize("options", [{}, {"fresh": True}])
def test_it_is_refused_where_people_really_work(options: dict[str, bool]) -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError):
        call_command("load_demo", **options)
    assert User.objects.exists()

"""A question answered with yes sets clocks going, and those concerned see them run until somebody has told."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from deviations import access, actions, duties
from deviations.lifecycle import DutyState
from deviations.models import Breach, Deviation, Duty, Kind, Reply, TriageAnswer
from deviations.tasks import watch_duties
from deviations.templatetags.duties import left
from deviations.views.duties import areas_of
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.transitions import StepIncomplete, StepRefused
from kvalitetslosen.notifications.deliver import sweep
from kvalitetslosen.notifications.models import Email
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from kvalitetslosen.paper.press import Press, Unprintable
from kvalitetslosen.workdays import OSLO, hours_after
from tests.deviations import cases
from tests.deviations.duties import HOUR, breach, yes
from tests.people import World

Login = Callable[[User], Client]
SUNDAY_NIGHT = datetime.datetime(2026, 11, 29, 2, 30, tzinfo=OSLO)


def mailed(name: str) -> set[str]:
    return {each.user.email.split("@")[0] for each in Email.objects.filter(name=f"deviations.{name}") if each.user}


# Asking


def test_the_leader_answers_on_the_case_and_the_clock_runs_from_the_report(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    client = login(world.leif)
    assert "Have personal data gone astray?" in client.get(deviation.get_absolute_url()).text
    answer = client.post(f"{deviation.get_absolute_url()}varsling/", {"privacy": "yes", "patient": "no"})
    assert answer["Location"] == deviation.get_absolute_url()
    duty = Duty.objects.get(rule="privacy_authority")
    assert duty.clock_from == deviation.reported_at
    assert duty.due_at == hours_after(deviation.reported_at, 72)
    assert (duty.recipient, duty.channel) == ("Datatilsynet", "Altinn")
    page = client.get(deviation.get_absolute_url()).text
    assert "71 h 59 min left" in page
    assert "A duty to tell began to run: “Report the breach to Datatilsynet”" in page
    assert "answered “Have personal data gone astray?” with" in page
    client.post(f"{deviation.get_absolute_url()}varsling/", {"privacy": "yes", "patient": "no"})
    assert Duty.objects.count() == 2, "the same answers again open nothing"
    assert Event.objects.about(duty).count() == 1


def test_one_says_when_one_became_aware_but_not_ahead_of_now(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    client, address = login(world.leif), f"{deviation.get_absolute_url()}varsling/"
    ahead = (timezone.localtime() + 3 * HOUR).strftime("%Y-%m-%dT%H:%M")
    refused = client.post(address, {"privacy": "yes", "aware": ahead})
    assert "That time has not been yet." in refused.text
    assert not TriageAnswer.objects.exists()
    before = (timezone.localtime() - 80 * HOUR).strftime("%Y-%m-%dT%H:%M")
    client.post(address, {"privacy": "yes", "aware": before})
    assert Duty.objects.get(rule="privacy_authority").is_late
    assert "too late" in client.get(deviation.get_absolute_url()).text


def test_the_questions_that_fit_are_asked_and_the_others_are_one_tap_away(world: World, login: Login) -> None:
    deviation = cases.ordinary(world)
    assert duties.first_asked(areas_of(deviation))[0] == duties.PATIENT  # it happened in the health sector
    in_school = cases.ordinary(world, by=world.rolf, unit=world.school)
    assert duties.CHILD in duties.first_asked(areas_of(in_school))
    assert duties.first_asked(areas_of(cases.privacy(world)))[0] == duties.PRIVACY
    page = login(world.leif).get(deviation.get_absolute_url()).text
    shown, folded = page.index("die, or come to very serious harm"), page.index("ICT event stop an important")
    assert shown < page.index("More questions, and when you became aware") < folded
    assert "Must somebody be told?" not in login(world.nora).get(deviation.get_absolute_url()).text


def test_a_yes_somebody_acts_on_is_not_taken_back_in_silence(world: World, login: Login) -> None:
    duty = breach(world)
    case = duty.deviation
    with pytest.raises(actions.DutyRuns):
        actions.answer_triage(deviation=case, by=world.leif, answers={duties.PRIVACY: Reply.NO})
    login(world.leif).post(f"{case.get_absolute_url()}varsling/", {"privacy": "no"})
    assert TriageAnswer.objects.get(code=duties.PRIVACY).answer == Reply.YES
    for each in Duty.objects.all():
        actions.mark_not_needed(duty=each, by=world.leif, reason="Bare tomme ark.")
    actions.answer_triage(deviation=case, by=world.leif, answers={duties.PRIVACY: Reply.NO})
    actions.answer_triage(deviation=case, by=world.leif, answers={duties.PRIVACY: Reply.YES})
    duty.refresh_from_db()
    assert duty.is_running, "answered with yes again, it runs again"
    assert duty.reason == ""
    assert Duty.objects.count() == 2


def test_who_reports_is_shown_the_numbers_and_may_tell_at_once(world: World, login: Login) -> None:
    client = login(world.nora)
    page = client.get("/meld/").text
    assert all(f'href="tel:{number}"' in page for number in (113, 110, 112))
    home = world.home_care.pk
    answers = {"kind": "deviation", "unit": home, "happened": "now", "text": "Mistet permen", "urgent": ["privacy"]}
    client.post("/meld/", {**answers, "key": "11111111-1111-4111-8111-111111111111"})
    deviation = Deviation.objects.get()
    assert Duty.objects.filter(deviation=deviation).count() == 2
    page = client.get(deviation.get_absolute_url()).text
    assert "Datatilsynet" not in page, "whom to tell is for those who handle the case"
    assert client.get(Duty.objects.all()[0].get_absolute_url()).status_code == 404


@pytest.mark.parametrize("naming", ["sealed", "anonymous"])
def test_a_reporter_without_a_name_leaves_none_on_an_answer(world: World, naming: str) -> None:
    if naming == "sealed":
        deviation = cases.ordinary(world, hide_name=True, urgent=[duties.PRIVACY])
    else:
        what: dict[str, Any] = {"unit": world.home_care, "kind": Kind.DEVIATION, "text": cases.TEXT}
        deviation = actions.report_anonymously(**what, urgent=[duties.PRIVACY]).deviation
    assert TriageAnswer.objects.get().by is None
    kept = Event.objects.about(deviation), Event.objects.about(Duty.objects.all()[0])
    assert all(event.by_id is None for rows in kept for event in rows)


# Ticking off


def test_it_is_ticked_with_time_and_receipt_and_kept_on_paper(world: World, login: Login) -> None:
    duty = breach(world)
    client, address = login(world.leif), duty.get_absolute_url()
    assert client.get(f"{address}steg/done/").status_code == 200
    told = timezone.localtime() - HOUR
    answers = {"done_at": told.strftime("%Y-%m-%dT%H:%M"), "receipt": "AR-12345", "remark": "Sendt fra kontoret"}
    assert client.post(f"{address}steg/done/", answers)["Location"] == address
    duty.refresh_from_db()
    assert (duty.state, duty.receipt, duty.done_by) == (DutyState.DONE, "AR-12345", world.leif)
    assert duty.done_at is not None
    assert abs((duty.done_at - told).total_seconds()) < 60
    assert not duty.is_late
    page = client.get(address).text
    assert "AR-12345" in page
    client.post(f"{address}steg/done/", {**answers, "receipt": "annet"})
    duty.refresh_from_db()
    assert duty.receipt == "AR-12345", "the second tick changes nothing"
    assert "Sendt fra kontoret" not in str([each.data for each in Event.objects.about(duty)])
    paper = client.get(f"{address}bekreftelse/")
    assert paper.content.startswith(b"%PDF") or b"AR-12345" in paper.content
    assert b"Sendt fra kontoret" not in paper.content
    assert cases.TEXT.encode() not in paper.content


def test_paper_that_says_the_minute_is_not_kept_on_the_server(
    world: World, login: Login, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    duty = breach(world)
    actions.mark_done(duty=duty, by=world.leif, receipt="AR-1")
    address = f"{duty.get_absolute_url()}bekreftelse/"
    monkeypatch.setattr(Press, "print", lambda *_args, **_more: b"%PDF-1.7 printed")
    assert login(world.leif).get(address).content == b"%PDF-1.7 printed"
    assert not list(tmp_path.rglob("*.pdf"))

    def slow(*_args: Any, **_more: Any) -> bytes:
        raise Unprintable("slow")

    monkeypatch.setattr(Press, "print", slow)
    page = login(world.leif).get(address).text
    assert "made into a PDF. Print the page itself instead." in page
    assert "Debian" not in page, "only what lacks them is told to add them"


def test_an_identity_number_is_refused_and_what_was_typed_is_kept(world: World, login: Login) -> None:
    address = f"{breach(world).get_absolute_url()}steg/done/"
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    answer = login(world.leif).post(address, {"done_at": now, "receipt": "13527248013", "remark": "Ringte vakta"})
    assert answer.status_code == 200
    assert "Ringte vakta" in answer.text
    ahead = (timezone.localtime() + HOUR).strftime("%Y-%m-%dT%H:%M")
    assert "That time has not been yet." in login(world.leif).post(address, {"done_at": ahead}).text
    assert Duty.objects.get(rule="privacy_authority").is_running


def test_not_needed_takes_a_reason_and_a_tick_is_taken_back_with_one(world: World, login: Login) -> None:
    duty = breach(world)
    client, address = login(world.leif), duty.get_absolute_url()
    assert client.post(f"{address}steg/not_needed/", {"reason": ""}).status_code == 200
    with pytest.raises(StepIncomplete):
        actions.mark_not_needed(duty=duty, by=world.leif, reason="")
    client.post(f"{address}steg/not_needed/", {"reason": "Brevet kom uåpnet i retur."})
    duty.refresh_from_db()
    assert duty.state == DutyState.NOT_NEEDED
    assert "Brevet kom uåpnet i retur." in client.get(address).text
    with pytest.raises(StepRefused):
        actions.mark_done(duty=duty, by=world.leif)
    assert client.post(f"{address}steg/reopen/", {"note": ""}).status_code == 200
    client.post(f"{address}steg/reopen/", {"note": "Det var ett brev til."})
    duty.refresh_from_db()
    assert duty.is_running
    assert duty.warn_at is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.filter(pk=duty.pk).update(state=DutyState.DONE)


def test_moving_the_clock_moves_the_deadline_and_says_why(world: World, login: Login) -> None:
    duty = breach(world, hours_ago=30)
    client, address = login(world.leif), f"{duty.get_absolute_url()}steg/move_clock/"
    aware = timezone.localtime().replace(second=0, microsecond=0) - 3 * HOUR
    answers = {"clock_from": aware.strftime("%Y-%m-%dT%H:%M"), "note": "Først nå vet vi hva lista inneholdt."}
    client.post(address, answers)
    duty.refresh_from_db()
    assert duty.due_at == hours_after(aware, 72)
    event = Event.objects.about(duty).last()
    assert event is not None
    assert event.data["note"] == answers["note"]
    assert "due_at" in event.data["changes"]


def test_the_report_is_filled_in_bit_by_bit_and_the_journal_keeps_no_words(world: World, login: Login) -> None:
    duty = breach(world)
    client, address = login(world.leif), f"{duty.get_absolute_url()}steg/fill_in/"
    client.post(address, {"cause": "Brev til feil adresse", "affected": "én"})
    client.post(address, {"cause": "Brev til feil adresse", "affected": "én", "measures": "Ny kontroll"})
    written = Breach.objects.get(duty=duty)
    assert (written.cause, written.measures, written.filled_in) == ("Brev til feil adresse", "Ny kontroll", 3)
    events = [each for each in Event.objects.about(duty) if each.type == "deviations.duty_filled_in"]
    assert [each.data["parts"] for each in events] == [["cause", "affected"], ["measures"]]
    assert "feil adresse" not in str([each.data for each in events])
    client.post(address, {"cause": "Brev til feil adresse", "affected": "én", "measures": "Ny kontroll"})
    assert Event.objects.about(duty).count() == 3, "nothing new, no event"
    assert "Ny kontroll" in client.get(duty.get_absolute_url()).text
    assert client.get(f"{duty.get_absolute_url()}skjema/").status_code == 200
    other = Duty.objects.get(rule="privacy_subjects")
    assert client.post(f"{other.get_absolute_url()}steg/fill_in/", {"cause": "x"}).status_code == 302
    assert not Breach.objects.filter(duty=other).exists()


def test_a_case_is_not_closed_while_somebody_is_to_be_told(world: World, login: Login) -> None:
    duty = breach(world)
    case = actions.receive(deviation=duty.deviation, by=world.leif)
    client, address = login(world.leif), f"{case.get_absolute_url()}steg/close/"
    assert "2 duties to tell are not finished." in client.post(address, {"outcome": "Ordnet."}).text
    case.refresh_from_db()
    assert case.is_open
    actions.mark_done(duty=duty, by=world.leif)
    actions.mark_not_needed(duty=Duty.objects.running().get(), by=world.leif, reason="Lav risiko")
    assert client.post(address, {"outcome": "Ordnet."}).status_code == 302
    page = client.get(duty.get_absolute_url()).text
    assert "Take back the tick" not in page, "an ended case's duties stay as they are"


def test_a_case_about_privacy_is_not_closed_before_it_is_said_whether_it_was_a_breach(world: World) -> None:
    case = cases.privacy(world)
    assert access.closing_obstacles(case) == ["Answer first whether personal data have gone astray."]
    actions.answer_triage(deviation=case, by=world.leif, answers={duties.PRIVACY: Reply.UNKNOWN})
    assert access.closing_obstacles(case)
    actions.answer_triage(deviation=case, by=world.leif, answers={duties.PRIVACY: Reply.NO})
    assert access.closing_obstacles(case) == []


def test_what_is_to_be_told_goes_along_when_two_cases_become_one(world: World) -> None:
    early, late = cases.ordinary(world), cases.ordinary(world)
    aware = timezone.now() - 20 * HOUR
    mine = yes(early, world.leif, duties.PRIVACY, duties.POLLUTION, aware=aware)
    theirs = yes(late, world.leif, duties.PRIVACY)
    actions.merge(deviation=early, by=world.leif, into=late)
    for each in (*mine.values(), *theirs.values()):
        each.refresh_from_db()
    assert theirs["privacy_authority"].clock_from == aware, "the earlier clock counts"
    assert mine["privacy_authority"].reason == f"→ {late.reference}"
    assert mine["pollution_110"].deviation == late
    assert mine["pollution_110"].is_running
    assert TriageAnswer.objects.get(deviation=late, code=duties.POLLUTION).answer == Reply.YES
    actions.unmerge(deviation=early, by=world.leif)
    for each in (*mine.values(), *theirs.values()):
        each.refresh_from_db()
        assert each.is_running
    assert {each.deviation for each in mine.values()} == {early}
    assert (mine["privacy_authority"].clock_from, mine["privacy_authority"].reason) == (aware, "")
    assert theirs["privacy_authority"].clock_from == late.reported_at, "as if it had never been"


# Telling inside


def test_those_the_law_wants_told_get_a_mail_in_the_night_and_nothing_that_was_written(world: World) -> None:
    with time_machine.travel(SUNDAY_NIGHT, tick=False):
        actions.set_duty_settings(municipality_id=world.municipality.pk, by=world.ada, doctor=world.tiril)
        deviation = cases.ordinary(world)
        yes(deviation, world.leif, duties.PRIVACY, duties.EMPLOYEE, duties.OUTBREAK)
        sweep()
    mails = Email.objects.filter(name="deviations.duty_opened")
    assert sorted(each.user.email.split("@")[0] for each in mails if each.user) == ["per", "tiril", "vidar"]
    for each in mails:
        assert each.next_try_at <= SUNDAY_NIGHT
        assert deviation.text not in each.body + each.subject
        assert deviation.reference not in each.body + each.subject
    assert "Datatilsynet" in mails.get(user=world.per).body
    sweep()
    assert Email.objects.filter(name="deviations.duty_opened").count() == 3, "each once"


def test_the_handler_hears_of_what_the_reporter_answered(world: World) -> None:
    cases.ordinary(world, urgent=[duties.PATIENT])
    sweep()
    assert mailed("duty_opened") == {"leif"}
    assert Email.objects.get(name="deviations.duty_opened").body.count("Ukom") == 1


def test_in_a_case_about_a_leader_nobody_outside_its_line_is_told(world: World, login: Login) -> None:
    case = cases.about_the_leader(world)
    duty = yes(case, world.sunniva, duties.PRIVACY, duties.EMPLOYEE)["privacy_authority"]
    sweep()
    assert mailed("duty_opened") == set()
    assert "Tell them yourself" in login(world.sunniva).get(duty.get_absolute_url()).text
    for who in ("leif", "per", "vidar", "nora", "kristin"):
        assert login(world.people[who]).get(duty.get_absolute_url()).status_code == 404, who


def test_the_clock_tells_at_half_time_in_the_last_hours_and_the_leader_above_when_late(world: World) -> None:
    duty = breach(world, hours_ago=0)
    start = duty.clock_from
    Duty.objects.filter(rule="privacy_subjects").delete()
    told = []
    for hours in (35, 37, 53, 55, 71, 73, 80):
        with time_machine.travel(start + hours * HOUR, tick=False):
            watch_duties()
            told.append(Event.objects.about(duty).order_by("-number")[0].type.rpartition("_")[2])
            sweep()
    assert told == ["opened", "half", "half", "last", "last", "late", "late"]
    assert mailed("duty_half") == mailed("duty_last") == {"leif", "per"}
    assert mailed("duty_late") == {"leif", "per", "sunniva"}
    assert Email.objects.filter(name="deviations.duty_late").count() == 3, "each once"


def test_what_was_slept_through_is_told_once_and_what_is_done_not_at_all(world: World) -> None:
    duty, other = breach(world, hours_ago=0), breach(world, hours_ago=0)
    actions.mark_done(duty=other, by=world.leif)
    with time_machine.travel(duty.clock_from + 90 * HOUR, tick=False):
        assert actions.watch() == 3  # and those whom the data are about, of both
        assert actions.watch() == 0
    assert [each.type for each in Event.objects.about(duty)][1:] == ["deviations.duty_late"]
    assert Event.objects.about(other).count() == 2


def test_what_is_late_when_it_is_answered_is_loud_at_once(world: World) -> None:
    duty = breach(world, hours_ago=100)
    assert duty.is_late
    actions.watch()
    assert Event.objects.about(duty).order_by("-number")[0].type == "deviations.duty_late"


# Where it is seen


def test_late_is_red_on_the_morning_page_of_those_concerned(world: World, login: Login) -> None:
    breach(world, hours_ago=80)
    for who in ("leif", "per", "sunniva", "rolf"):
        page = login(world.people[who]).get("/").text
        section = page[page.index("Somebody must be told") :]
        assert "los-late" in section[: section.index("</section>")], who
    for who in ("nora", "greta", "hans", "tiril", "ada", "mona", "vidar"):
        assert "Report the breach to Datatilsynet" not in login(world.people[who]).get("/").text, who


def test_what_is_due_in_a_year_waits_for_its_time_on_the_morning_page(world: World, login: Login) -> None:
    yes(cases.ordinary(world), world.leif, duties.EMPLOYEE)
    page = login(world.leif).get("/").text
    assert "Call Arbeidstilsynet" in page
    assert "injury report to Nav" not in page
    assert "injury report to Nav" in login(world.leif).get("/meldeplikter/").text


def test_the_list_and_the_file_hold_what_is_running_late_and_finished(world: World, login: Login) -> None:
    late, done = breach(world, hours_ago=80), breach(world)
    actions.mark_done(duty=done, by=world.leif, receipt="=1+1")
    Duty.objects.filter(rule="privacy_subjects").delete()
    client = login(world.leif)
    for view, holds in (("lopende", late), ("for-sent", late), ("ferdig", done)):
        page = client.get(f"/meldeplikter/?visning={view}").text
        assert holds.get_absolute_url() in page, view
        assert (late if holds is done else done).get_absolute_url() not in page, view
    file = client.get(f"/meldeplikter/aaret.csv?aar={timezone.localdate().year}").content.decode()
    assert late.deviation.reference in file
    assert "'=1+1" in file
    assert cases.TEXT not in file
    assert Event.objects.filter(type="deviations.exported", by=world.leif).count() == 1
    assert client.get("/meldeplikter/aaret.csv?aar=tull").status_code == 200
    assert login(world.nora).get("/meldeplikter/aaret.csv").status_code == 403
    assert late.get_absolute_url() not in login(world.hans).get("/meldeplikter/").text
    assert "Nobody has to be told now" in login(world.hans).get("/meldeplikter/").text


def test_the_words_of_a_duty_are_the_readers(world: World) -> None:
    duty = breach(world)
    assert set(duty.frozen["name"]) == {"nb", "nn", "en"}
    duty.frozen["name"] = {"nb": "Meld bruddet", "nn": "Meld brotet"}
    with translation.override("nn"):
        assert duty.name == "Meld brotet"
    with translation.override("en"):
        assert duty.name == "Meld bruddet", "as it was kept, where it wasn't in this language"
    with translation.override("nb"):
        assert left(48 * 3600 + 12 * 60) == "48 h 12 min"


# Two sets of rules


def test_the_old_rule_counts_until_the_municipality_sets_the_day(world: World, login: Login) -> None:
    old = yes(cases.ordinary(world), world.leif, duties.PATIENT)
    assert set(old) == {"patient_authority", "patient_ukom", "patient_kin"}
    assert old["patient_authority"].recipient == "Helsetilsynet"
    assert "A new rule is adopted" in login(world.leif).get(old["patient_authority"].get_absolute_url()).text
    assert login(world.leif).get("/avvik/innstillinger/meldeplikter/").status_code == 403
    client = login(world.ada)
    assert client.get("/avvik/innstillinger/meldeplikter/").status_code == 200
    today = timezone.localdate()
    answer = client.post("/avvik/innstillinger/meldeplikter/", {"patient_rules_from": today.isoformat()})
    assert answer.status_code == 302
    both = Duty.objects.running().filter(rule="patient_authority").order_by("version")
    assert [each.version for each in both] == [1, 2], "where both may hold, both run until somebody says which"
    new = yes(cases.ordinary(world), world.leif, duties.PATIENT)
    assert new["patient_authority"].version == 2
    assert "patient_written" in new
    before = yes(cases.ordinary(world), world.leif, duties.PATIENT, aware=timezone.now() - 50 * HOUR)
    assert before["patient_authority"].version == 1, "the rule of the day the clock began"
    client.post("/avvik/innstillinger/meldeplikter/", {"patient_rules_from": today.isoformat()})
    kept = Event.objects.filter(type="deviations.duty_settings_set")
    assert kept.count() == 1, "the second time changes nothing"


def test_whoever_is_named_hands_it_over_before_leaving(world: World) -> None:
    actions.set_duty_settings(municipality_id=world.municipality.pk, by=world.ada, doctor=world.tiril, ict=world.ada)
    held = next(each for each in handover.responsibilities() if each.key == "deviations.duty_contact")
    assert held.count(world.tiril) == 1
    held.move(user=world.tiril, to=world.kaja, by=world.ada)
    kept = actions.duty_settings_of(world.municipality.pk)
    assert (kept.doctor, kept.ict) == (world.kaja, world.ada)


# What it costs


def questions(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len([each for each in asked if "SAVEPOINT" not in each["sql"]])


def test_each_page_costs_the_same_at_few_and_many_duties(world: World, login: Login) -> None:
    client = login(world.leif)
    duty = breach(world)
    yes(duty.deviation, world.leif, duties.ICT)
    pages = ["/", "/meldeplikter/", duty.get_absolute_url(), duty.deviation.get_absolute_url()]
    few: dict[str, Any] = {path: questions(client, path) for path in pages}
    for _ in range(12):
        breach(world)
    yes(duty.deviation, world.leif, *(each.code for each in duties.QUESTIONS))
    assert {path: questions(client, path) for path in pages} == few
    assert few["/meldeplikter/"] <= 5
    assert few[duty.deviation.get_absolute_url()] <= 13  # a breach is serious: one is whether it can be closed yet

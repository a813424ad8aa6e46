"""An audit is planned, its checklist made and answered, findings reported, the report commented on and locked."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Deviation, Kind, Source
from documents.models import Requirement
from improvement import actions
from improvement.audit_lifecycle import AuditState
from improvement.models import Answer, Audit, AuditPoint, YearTask
from improvement.practice import forget
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.notifications import deliver
from kvalitetslosen.notifications.models import Notification
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.actions import grant_role
from kvalitetslosen.organisation.models import Membership, Role, User
from tests.notifications.conftest import Post, at
from tests.people import World

Login = Callable[[User], Client]
TITLE = "Legemidler"
SEEN = "Skapet sto ulåst begge dagene"
KEY = "3f1b8a52-0000-4000-8000-000000000801"


def text_of(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


@pytest.fixture
def audit(world: World) -> Audit:
    """Kaja, who coordinates quality in the health sector, audits home care with Greta of the nursing home."""
    deliver.take_as_told()
    today = timezone.localdate()
    return actions.plan_audit(
        by=world.kaja, title=TITLE, unit=world.home_care, owner=world.kaja, auditors=[world.greta],
        held_on=today + datetime.timedelta(days=10), period_first=today - datetime.timedelta(days=300),
        period_last=today,
    )  # fmt: skip


@pytest.fixture
def points(world: World, audit: Audit) -> list[AuditPoint]:
    asked = [
        actions.Asked("Er skapet låst?"),
        actions.Asked("Er listene signert?"),
        actions.Asked("Er alle lært opp?"),
    ]
    return actions.add_points(audit=audit, by=world.kaja, points=asked)


@pytest.fixture
def found(world: World, audit: Audit, points: list[AuditPoint]) -> AuditPoint:
    """Something isn't as it should be."""
    actions.begin_audit(audit=audit, by=world.kaja)
    actions.answer_point(point=points[0], by=world.greta, answer=Answer.NOT, evidence=SEEN)
    return points[0]


@pytest.fixture
def sent(world: World, audit: Audit, found: AuditPoint) -> Audit:
    actions.write_report(audit=audit, by=world.kaja, summary="I hovedsak godt", strengths="Ro", looked_at="Runde")
    day = timezone.localdate() + datetime.timedelta(days=14)
    actions.send_report(audit=audit, by=world.kaja, comment_by=day)
    return audit


@pytest.fixture
def case(world: World, found: AuditPoint) -> Deviation:
    day = timezone.localdate() + datetime.timedelta(days=30)
    return actions.report_finding(point=found, by=world.greta, text=SEEN, answer_by=day)


def test_a_quality_contact_plans_one_for_several_units(world: World, login: Login) -> None:
    client = login(world.kaja)
    assert "No audit is planned" in text_of(client.get("/revisjoner/"))
    day, today = timezone.localdate() + datetime.timedelta(days=20), timezone.localdate()
    form = {
        "key": KEY, "title": TITLE, "units": [world.home_care.pk, world.nursing_home.pk], "owner": "Kaja Kvam",
        "held_on": day, "period_first": today, "period_last": today,
    }  # fmt: skip
    assert "leads what is audited" in text_of(client.post("/revisjoner/ny/", form | {"second": "Leif Lund"}))
    assert "before the first" in text_of(client.post("/revisjoner/ny/", form | {"held_until": today}))
    for _again in range(2):
        assert client.post("/revisjoner/ny/", form | {"second": "Nora Nygård"}).status_code == 302
    assert [each.unit.name for each in Audit.objects.order_by("pk")] == ["Hjemmetjenesten", "Sykehjemmet"]
    deliver.sweep()
    told = Notification.objects.order_by("user__name").values_list("user__name", flat=True)
    assert list(told) == ["Hans Haug", "Leif Lund", "Nora Nygård", "Nora Nygård"]
    assert TITLE not in str(list(Notification.objects.values_list("text", flat=True)))
    assert login(world.nora).get("/revisjoner/ny/").status_code == 403
    assert TITLE in text_of(login(world.nora).get("/revisjoner/"))


def test_nobody_audits_what_they_lead(world: World, audit: Audit) -> None:
    with pytest.raises(actions.CannotAudit):
        actions.give_audit(audit=audit, by=world.kaja, owner=world.sunniva)
    with pytest.raises(actions.CannotHave):
        actions.appoint(audit=audit, by=world.kaja, person=world.mona)
    actions.appoint(audit=audit, by=world.kaja, person=world.hans)
    actions.appoint(audit=audit, by=world.kaja, person=world.hans)
    assert set(audit.auditors.all()) == {world.greta, world.hans}


def test_a_checklist_is_made_of_what_a_law_asks_and_of_own_questions(world: World, login: Login, audit: Audit) -> None:
    requirement = Requirement.objects.select_related("source").order_by("pk")[0]
    client, here = login(world.greta), audit.get_absolute_url()
    assert "What do you look at?" in text_of(client.get(here))
    url = f"{here}sjekkliste/"
    law = f"{url}?lov={requirement.source_id}"
    assert requirement.text[:40] in text_of(client.get(law))
    assert client.post(law, {}).status_code == 200
    for _again in range(2):
        client.post(law, {"points": ["0"]})
    client.post(f"{here}sporsmal/", {"question": "Er skapet låst?"})
    client.post(f"{here}sporsmal/", {"question": "Er skapet låst?"})
    asked = list(audit.points.order_by("number").values_list("question", flat=True))
    assert asked[-1] == "Er skapet låst?"
    assert audit.points.filter(requirement__isnull=False).count() == len(asked) - 1
    other = actions.plan_audit(
        by=world.kaja, title="Neste", unit=world.nursing_home, owner=world.kaja, held_on=audit.held_on,
        period_first=audit.period_first, period_last=audit.period_last,
    )  # fmt: skip
    earlier = f"{other.get_absolute_url()}sjekkliste/?revisjon={audit.pk}"
    login(world.kaja).post(earlier, {"points": [str(len(asked) - 1)]})
    assert other.points.get().question == "Er skapet låst?"
    point = audit.points.get(question="Er skapet låst?")
    assert client.get(f"{point.get_absolute_url()}ta-bort/").status_code == 405
    client.post(f"{point.get_absolute_url()}ta-bort/")
    assert not audit.points.filter(question="Er skapet låst?").exists()
    assert login(world.leif).get(url).status_code == 403
    assert login(world.hans).get(url).status_code == 404


def test_each_point_is_answered_in_turn_with_what_was_seen(
    world: World, login: Login, audit: Audit, points: list[AuditPoint]
) -> None:
    client, here = login(world.greta), audit.get_absolute_url()
    first = points[0].get_absolute_url()
    assert "Somebody was here before" in text_of(client.post(first, {"answer": "conforms"}, follow=True))
    client.post(f"{here}steg/begin/", {"seen": Audit.objects.get().events_count})
    assert "3 points are left" in text_of(client.get(here))
    assert "Say what you saw" in text_of(client.post(first, {"seen": 0, "answer": "not"}))
    answer = client.post(first, {"seen": 0, "answer": "conforms"})
    assert answer["Location"] == points[1].get_absolute_url()
    assert "answered meanwhile" in text_of(client.post(first, {"seen": 0, "answer": "skipped"}))
    answer = client.post(points[1].get_absolute_url(), {"seen": 0, "answer": "not", "evidence": SEEN})
    assert answer["Location"].endswith("/punkt/2/#meld")
    page = text_of(client.get(points[1].get_absolute_url()))
    assert "Report it as a deviation" in page
    assert login(world.leif).post(first, {"seen": 1, "answer": "conforms"}).status_code == 403


def test_what_was_seen_is_the_auditors_until_the_report_is_sent(
    world: World, login: Login, audit: Audit, found: AuditPoint
) -> None:
    leader = login(world.leif)
    for url in (audit.get_absolute_url(), found.get_absolute_url(), f"{audit.get_absolute_url()}papir/"):
        answer = leader.get(url)
        assert answer.status_code == 200
        if answer["Content-Type"].startswith("text/html"):
            assert SEEN not in text_of(answer)
            assert "Not as it should be" not in text_of(answer)
    assert "Er skapet låst?" in text_of(leader.get(audit.get_absolute_url()))
    assert SEEN in text_of(login(world.kaja).get(found.get_absolute_url()))


def test_a_finding_becomes_a_case_in_one_tap(world: World, login: Login, found: AuditPoint) -> None:
    client, here = login(world.greta), found.get_absolute_url()
    soup = BeautifulSoup(client.get(here).content, "html.parser")
    form = soup.select_one("form[action$='/meld/']")
    assert form is not None
    filled: Any = {each["name"]: each.get("value", "") for each in form.select("input[name]")}
    filled |= {each["name"]: each.get_text() for each in form.select("textarea[name]")}
    assert SEEN in filled["text"]
    assert client.get(f"{here}meld/").status_code == 405
    for _again in range(2):
        assert client.post(f"{here}meld/", filled).status_code == 302
    case = Deviation.objects.get()
    assert (case.kind, case.source, case.unit, case.handler) == (
        Kind.DEVIATION, Source.AUDIT, world.home_care, world.leif,
    )  # fmt: skip
    found.refresh_from_db()
    assert found.answer_by == timezone.localdate() + datetime.timedelta(days=30)
    page = text_of(login(world.leif).get(case.get_absolute_url()))
    assert "Finding of an internal audit" in page
    assert "From an internal audit" in page
    assert "The case keeps its own deadline" in page
    assert SEEN not in str([event.data for event in Event.objects.about(found.audit)])
    assert "Somebody was here before" in text_of(client.post(here, {"seen": 1, "answer": "conforms"}, follow=True)), (
        "what is reported is answered in its case"
    )


def test_an_observation_can_become_a_proposal(
    world: World, login: Login, audit: Audit, points: list[AuditPoint]
) -> None:
    actions.begin_audit(audit=audit, by=world.kaja)
    actions.answer_point(point=points[1], by=world.kaja, answer=Answer.OBSERVATION, evidence="Kan bli enklere")
    client = login(world.kaja)
    assert "Propose an improvement" in text_of(client.get(points[1].get_absolute_url()))
    client.post(f"{points[1].get_absolute_url()}meld/", {"text": "Kan bli enklere", "category": ""})
    assert Deviation.objects.get().kind == Kind.PROPOSAL
    actions.answer_point(point=points[2], by=world.kaja, answer=Answer.CONFORMS)
    with pytest.raises(StepRefused):
        actions.report_finding(point=points[2], by=world.kaja, text="X")


def test_the_auditor_who_reported_reads_the_answer_and_others_no_more_than_they_may(
    world: World, login: Login, sent: Audit, found: AuditPoint, case: Deviation
) -> None:
    cases.receive(deviation=case, by=world.leif)
    cases.assess(deviation=case, by=world.leif, consequence=2, probability=2)
    cases.close(deviation=case, by=world.leif, outcome="Ny lås er satt inn")
    assert "Ny lås er satt inn" in text_of(login(world.greta).get(found.get_absolute_url()))
    assert "Ny lås er satt inn" in text_of(login(world.leif).get(found.get_absolute_url()))
    Audit.objects.update(is_hse=True)
    page = text_of(login(world.vidar).get(found.get_absolute_url()))
    assert "followed up in its own case" in page
    assert case.reference not in page
    assert "Ny lås" not in page


def test_a_case_about_a_leader_tells_that_leader_nothing(
    world: World, login: Login, sent: Audit, found: AuditPoint, case: Deviation
) -> None:
    Deviation.objects.update(about=world.leif)
    AuditPoint.objects.filter(pk=found.pk).update(answer_by=timezone.localdate() - datetime.timedelta(days=3))
    page = text_of(login(world.leif).get(found.get_absolute_url()))
    assert case.reference not in page
    assert "followed up in its own case" in page


def test_the_report_goes_to_the_leader_who_comments_and_is_locked(
    world: World, login: Login, audit: Audit, found: AuditPoint
) -> None:
    client, here = login(world.kaja), audit.get_absolute_url()
    assert client.post(f"{here}rapport/", {"seen": 0, "summary": ""}).status_code == 200
    client.post(f"{here}rapport/", {"seen": 0, "summary": "I hovedsak godt"})
    assert "wrote here meanwhile" in text_of(client.post(f"{here}rapport/", {"seen": 0, "summary": "Annet"}))
    day = timezone.localdate() + datetime.timedelta(days=14)
    assert login(world.greta).post(f"{here}steg/send/", {"comment_by": day}).status_code == 403
    client.post(f"{here}steg/send/", {"comment_by": day})
    audit.refresh_from_db()
    assert audit.state == AuditState.SENT
    assert not audit.points.filter(answer="").exists(), "what has no answer was not looked at"
    deliver.sweep()
    assert Notification.objects.filter(user=world.leif, url=here).count() == 1
    leader = login(world.leif)
    assert "What do you say to the report?" in text_of(leader.get(here))
    assert SEEN in text_of(leader.get(found.get_absolute_url()))
    assert "Somebody was here before" in text_of(client.post(f"{here}steg/finish/", {}, follow=True))
    assert client.post(f"{here}steg/comment/", {"comment": "X"}).status_code == 403
    leader.post(f"{here}steg/comment/", {"comment": "Enig, vi bytter lås"})
    client.post(f"{here}steg/finish/", {})
    audit.refresh_from_db()
    assert (audit.state, audit.final_by) == (AuditState.FINAL, world.kaja)
    assert "Enig, vi bytter lås" in text_of(client.get(here))
    assert "Somebody was here before" in text_of(client.get(f"{here}rapport/", follow=True))
    assert "I hovedsak godt" in text_of(login(world.nora).get(here))
    assert SEEN not in text_of(login(world.nora).get(here))
    assert TITLE in text_of(login(world.nora).get("/revisjoner/?visning=ferdige"))
    assert login(world.nora).get(found.get_absolute_url()).status_code == 404
    assert login(world.hans).get(here).status_code == 404
    assert login(world.mona).get(here).status_code == 404


def test_it_is_taken_back_put_right_and_approved_without_a_comment_when_the_day_is_over(
    clock: Any, world: World, sent: Audit
) -> None:
    actions.take_report_back(audit=sent, by=world.kaja, note="Feil dato")
    sent.refresh_from_db()
    assert (sent.state, sent.sent_at) == (AuditState.UNDER_WAY, None)
    actions.send_report(audit=sent, by=world.kaja, comment_by=timezone.localdate())
    from improvement import audit_access

    def names() -> set[str]:
        row = Audit.objects.prefetch_related("auditors").get()
        return {step.name for step in audit_access.audit_steps(row, audit_access.parts_in_audit(row, world.kaja))}

    assert not {"finish", "finish_without"} & names()
    clock.move_to(timezone.now() + datetime.timedelta(days=2))
    assert "finish_without" in names()
    actions.approve_without_comment(audit=sent, by=world.kaja, note="Lederen er borte")
    assert Audit.objects.get().state == AuditState.FINAL


def test_sent_again_the_leader_hears_of_it_anew_also_with_a_comment_standing(
    world: World, sent: Audit, post: Post
) -> None:
    post.deliver()
    assert len(post.to(world.leif)) == 1
    actions.comment_on(audit=sent, by=world.leif, comment="Enig")
    for _each in range(2):
        sent.refresh_from_db()
        actions.take_report_back(audit=sent, by=world.kaja, note="Feil dato")
        actions.send_report(audit=sent, by=world.kaja, comment_by=timezone.localdate())
    post.deliver()
    post.deliver()
    _first, again = post.to(world.leif)  # one mail, of the last time
    assert "sent to you again" in again.subject
    assert "What you said of it stands" in again.body
    assert "Feil dato" not in again.body
    sent.refresh_from_db()
    assert sent.comment == "Enig"


def test_moved_to_another_day_the_leader_and_the_auditors_hear(world: World, login: Login, audit: Audit) -> None:
    deliver.sweep()
    before = Notification.objects.count()
    client, here = login(world.kaja), f"{audit.get_absolute_url()}steg/change/"
    form = {
        "title": "Legemiddelhåndtering", "held_on": audit.held_on, "held_until": "",
        "period_first": audit.period_first, "period_last": audit.period_last,
    }  # fmt: skip
    client.post(here, form)
    deliver.sweep()
    assert Notification.objects.count() == before, "other words are nobody's news"
    client.post(here, form | {"held_on": audit.held_on + datetime.timedelta(days=7)})
    deliver.sweep()
    told = set(Notification.objects.order_by("-pk").values_list("user__name", flat=True)[:2])
    assert told == {"Leif Lund", "Greta Gran"}
    assert "moved it to" in text_of(login(world.leif).get(audit.get_absolute_url()))
    assert login(world.greta).post(here, form).status_code == 403


def test_it_is_cancelled_with_why(world: World, login: Login, audit: Audit) -> None:
    here = audit.get_absolute_url()
    client = login(world.kaja)
    assert client.post(f"{here}steg/cancel/", {"note": ""}).status_code == 200
    client.post(f"{here}steg/cancel/", {"note": "Flytting"})
    assert TITLE not in text_of(client.get("/revisjoner/"))
    assert TITLE in text_of(client.get("/revisjoner/?visning=avlyste"))
    assert "Somebody was here before" in text_of(client.post(f"{here}steg/cancel/", {"note": "X"}, follow=True))


def test_auditors_the_leader_and_the_handler_are_reminded(
    clock: Any, world: World, login: Login, post: Post, audit: Audit, found: AuditPoint, case: Deviation
) -> None:
    Audit.objects.update(
        state=AuditState.PLANNED, held_on=datetime.date(2026, 10, 8), held_until=datetime.date(2026, 10, 8)
    )
    AuditPoint.objects.filter(pk=found.pk).update(answer_by=datetime.date(2026, 10, 20))
    post.round()
    for day, who, word in (
        ("2026-10-06", world.greta, "Internal audit"),
        ("2026-10-08", world.kaja, "Internal audit"),
        ("2026-10-20", world.leif, "finding"),
        ("2026-10-30", world.leif, "finding"),
    ):
        clock.move_to(at(f"{day} 12:00"))
        mails = [each for each in post.round() if each.to == [who.email] and word in f"{each.subject}{each.body}"]
        assert mails, (day, who)
        assert TITLE not in f"{mails[0].subject}{mails[0].body}"
    assert "Internal audits" in text_of(login(world.kaja).get("/"))


def test_a_finding_nobody_has_is_told_once_to_whoever_would_get_it(
    clock: Any, world: World, post: Post, found: AuditPoint, case: Deviation
) -> None:
    Deviation.objects.filter(pk=case.pk).update(handler=None)
    AuditPoint.objects.filter(pk=found.pk).update(answer_by=datetime.date(2026, 10, 20))
    told = {}
    for day in ("2026-10-16", "2026-10-20", "2026-10-21", "2026-10-30"):
        clock.move_to(at(f"{day} 12:00"))
        post.round()
        told[day] = list(
            Notification.objects.filter(name="improvement.finding_due").values_list("user__name", flat=True)
        )
    before, *after = told.values()
    assert (before, after) == ([], [["Leif Lund"]] * 3)
    Deviation.objects.filter(pk=case.pk).update(handler=world.sunniva)
    clock.move_to(at("2026-11-12 12:00"))
    mails = [each for each in post.round() if each.to == [world.sunniva.email] and "finding" in each.body]
    assert mails, "whoever gets it later is reminded as any handler"


def test_a_finding_follows_a_merged_case_and_comes_back(
    world: World, login: Login, sent: Audit, found: AuditPoint, case: Deviation
) -> None:
    other = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Samme skap")
    cases.receive(deviation=other, by=world.leif)
    cases.receive(deviation=case, by=world.leif)
    cases.merge(deviation=case, into=other, by=world.leif)
    found.refresh_from_db()
    assert (found.deviation, found.came_from) == (other, case)
    assert other.reference in text_of(login(world.leif).get(found.get_absolute_url()))
    page = text_of(login(world.greta).get(found.get_absolute_url()))
    assert case.reference in page
    assert other.reference not in page


def test_it_is_handed_over_by_who_leaves_and_forgotten_after_practice(
    world: World, sent: Audit, found: AuditPoint
) -> None:
    held = next(each for each in handover.responsibilities() if each.key == "improvement.audits")
    assert (held.count(world.kaja), held.count(world.greta)) == (1, 1)
    held.move(user=world.greta, to=world.hans, by=world.ada)
    assert set(sent.auditors.all()) == {world.hans}
    deliver.sweep()
    assert Notification.objects.filter(user=world.hans, url=sent.get_absolute_url()).exists()
    with pytest.raises(Exception, match="nobody audits"):
        held.move(user=world.kaja, to=world.leif, by=world.ada)
    held.move(user=world.kaja, to=world.hans, by=world.ada)
    sent.refresh_from_db()
    assert (sent.owner, list(sent.auditors.all())) == (world.hans, [])
    forget(world.municipality)
    sent.refresh_from_db()
    found.refresh_from_db()
    assert {sent.title, sent.summary, found.question, found.evidence} == {"–"}


def test_it_stands_in_the_year_and_on_an_agenda(world: World, login: Login, sent: Audit) -> None:
    answer = login(world.leif).get(f"/arshjul/?aar={sent.held_on.year}")
    assert f"Internal audit: {TITLE}" in text_of(answer)
    month = answer.context["months"][sent.held_on.month - 1]
    assert [mark.kind for mark in month.marks] == ["audit"], "in the picture as in the table"
    assert answer.content.count(b'href="#year-audit"') == 1
    month.tasks = [YearTask(month=sent.held_on, what=str(n)) for n in range(7)]
    assert ([mark.kind for mark in month.marks], month.more) == (["audit", *["planned"] * 5], 2)
    from improvement.agendas.making import Making
    from improvement.agendas.of_work import audits
    from improvement.models import Meeting

    today = timezone.localdate()
    forum = actions.found_forum(by=world.sunniva, name="Ledelse", kind="review", unit=world.health)
    meeting = Meeting(municipality=world.municipality, forum=forum, period_first=today, period_last=today)
    assert TITLE not in audits(Making(world.sunniva, meeting)), "what isn't final is told to nobody"
    actions.comment_on(audit=sent, by=world.leif, comment="Enig")
    actions.approve_report(audit=sent, by=world.kaja)
    assert TITLE in audits(Making(world.sunniva, meeting))


def test_the_pages_cost_the_same_however_much_there_is(
    world: World, login: Login, audit: Audit, found: AuditPoint
) -> None:
    client, here = login(world.kaja), audit.get_absolute_url()

    def asked(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    actions.report_finding(point=found, by=world.kaja, text="F")
    client.get("/revisjoner/")
    before = [asked(path) for path in ("/revisjoner/", here)]
    more = actions.add_points(
        audit=audit, by=world.kaja, points=[actions.Asked(f"Spørsmål {number}?") for number in range(12)]
    )
    for number, point in enumerate(more):
        actions.answer_point(point=point, by=world.kaja, answer=Answer.NOT, evidence="X")
        actions.report_finding(point=point, by=world.kaja, text="F", answer_by=timezone.localdate())
        actions.plan_audit(
            by=world.kaja, title=f"A{number}", unit=world.home_care, owner=world.kaja, held_on=audit.held_on,
            period_first=audit.period_first, period_last=audit.period_last,
        )  # fmt: skip
    assert [asked(path) for path in ("/revisjoner/", here)] == before


def test_an_auditor_who_comes_to_lead_there_audits_it_no_more(
    world: World, login: Login, audit: Audit, found: AuditPoint, points: list[AuditPoint]
) -> None:
    grant_role(user=world.greta, unit=world.home_care, role=Role.LEADER)
    client, here = login(world.greta), audit.get_absolute_url()
    page = text_of(client.get(here))
    assert "You lead what is audited now" in page
    assert "The other auditors go on with it" in page
    assert "Answer the next" not in page
    for url, form in (
        (points[1].get_absolute_url(), {"seen": 0, "answer": "conforms"}),
        (f"{here}rapport/", {"seen": 0, "summary": "X"}),
        (f"{points[1].get_absolute_url()}ta-bort/", {}),
        (f"{here}sporsmal/", {"question": "X?"}),
    ):
        assert "nobody audits what they lead" in text_of(client.post(url, form, follow=True)), url
    assert not audit.points.filter(number=2).exclude(answer="").exists()
    assert "Answer the next" in text_of(login(world.kaja).get(here)), "the others go on"


def test_a_report_waits_with_the_nearest_leader_where_the_unit_has_none(
    world: World, login: Login, sent: Audit
) -> None:
    assert TITLE in text_of(login(world.leif).get("/"))
    assert TITLE not in text_of(login(world.sunniva).get("/"))
    Membership.objects.filter(user=world.leif, role=Role.LEADER).delete()
    assert TITLE in text_of(login(world.sunniva).get("/"))
    assert TITLE not in text_of(login(world.rolf).get("/"))
    year = f"/arshjul/?aar={sent.held_on.year}"
    assert TITLE in text_of(login(world.sunniva).get(year))
    assert TITLE not in text_of(login(world.rolf).get(year))


def test_the_leader_can_say_it_otherwise_until_it_is_approved(world: World, login: Login, sent: Audit) -> None:
    client, here = login(world.leif), sent.get_absolute_url()
    client.post(f"{here}steg/comment/", {"comment": "Enig"})
    page = client.get(here)
    assert f"{here}steg/comment/" in page.content.decode()
    client.post(f"{here}steg/comment/", {"comment": "Enig i det meste"})
    assert "Enig i det meste" in text_of(client.get(here))


def test_an_agenda_names_only_audits_all_members_may_read(world: World, sent: Audit) -> None:
    from improvement.agendas.making import Making
    from improvement.agendas.of_work import audits
    from improvement.models import Meeting

    actions.comment_on(audit=sent, by=world.leif, comment="Enig")
    actions.approve_report(audit=sent, by=world.kaja)
    today = timezone.localdate()
    forum = actions.found_forum(by=world.sunniva, name="Ledelse", kind="review", unit=world.health)
    forum.members.add(world.hans)
    said = audits(
        Making(
            world.sunniva, Meeting(municipality=world.municipality, forum=forum, period_first=today, period_last=today)
        )
    )
    assert TITLE not in said, "Hans leads another unit"
    assert "not everybody here may read: 1." in said

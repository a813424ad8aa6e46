# ruff: noqa: E501 - the two languages of a text stand on one line
"""Duties to tell in the demo: in each municipality one whose clock is running, one late, some done and one not needed."""

from __future__ import annotations

import datetime

from deviations import actions
from deviations import duties as rules
from deviations.models import Deviation, Duty, Kind, Reply
from kvalitetslosen.demo.cases import Draft, Story
from kvalitetslosen.demo.organisation import Town

HOUR = datetime.timedelta(hours=1)
DAY = 24 * HOUR

PLACES = {"AAS": "HB", "MAR": "SKA", "AUD": "INST"}
"""The unit of the log-in that leads one: its clock is the one that runs."""

LEFT = (
    "En arbeidsliste ble liggende i en bil som var til service. Den er hentet tilbake. Vi vet ikke om noen har sett den.",
    "Ei arbeidsliste vart liggjande i ein bil som var på service. Ho er henta tilbake. Vi veit ikkje om nokon har sett ho.",
)
HURT = (
    "En ansatt falt fra stige ved lagerhylla, ble hentet av ambulanse og er innlagt med bruddskade.",
    "Ein tilsett fall frå stige ved lagerhylla, vart henta av ambulanse og er innlagd med brotskade.",
)
SENT = (
    "Et vedtaksbrev ble lagt i feil konvolutt og åpnet av en annen enn den det gjaldt.",
    "Eit vedtaksbrev vart lagt i feil konvolutt og opna av ein annan enn den det gjaldt.",
)
RETURNED = (
    "Et brev gikk til gammel adresse og kom uåpnet i retur dagen etter.",
    "Eit brev gjekk til gammal adresse og kom uopna i retur dagen etter.",
)
ILL = (
    "Tre på samme gang fikk oppkast samme døgn. Måltidene ble flyttet til rommene.",
    "Tre på same gang fekk oppkast same døgn. Måltida vart flytta til romma.",
)
CAUSE = (
    "Lista ble tatt med i bilen og ikke lagt tilbake i skapet.",
    "Lista vart teken med i bilen og ikkje lagd attende i skapet.",
)
TYPES = ("Fornavn, tid for besøk og oppdrag.", "Fornamn, tid for besøk og oppdrag.")
HIGH = (
    "Den det gjaldt fikk vite det på telefon, og det er ikke grunn til mer.",
    "Den det gjaldt fekk vite det på telefon, og det er ikkje grunn til meir.",
)
UNLIKELY = (
    "Brevet kom uåpnet i retur, så ingen har sett innholdet.",
    "Brevet kom uopna i retur, så ingen har sett innhaldet.",
)
CLOSED = (
    "Vi har sett gjennom rutinen sammen og endret den. Takk for at du meldte fra.",
    "Vi har sett gjennom rutinen saman og endra han. Takk for at du melde frå.",
)


def stage(story: Story) -> None:
    for town in story.towns:
        actions.set_duty_settings(
            municipality_id=town.root.pk, by=town.people["admin"], doctor=town.leader("LK"), ict=town.leader("IKT")
        )
        _running(story, town)
        _late(story, town)
        _done(story, town)
        _not_needed(story, town)
        _outbreak(story, town)


def _case(
    story: Story, town: Town, code: str, main: int, sub: str, text: tuple[str, str], at: datetime.datetime, *asked: str
) -> tuple[Deviation, dict[str, Duty]]:
    """Reported, received by whoever handles it, and one question answered with yes."""
    draft = Draft(town, code, main, sub, Kind.DEVIATION, town.word(text), at, 3, 3)
    case = story.report(draft, sorted_in=True)
    by = story.handler(case)
    actions.receive(deviation=case, by=by, at=at + HOUR)
    answers = dict.fromkeys(asked, Reply.YES)
    actions.answer_triage(deviation=case, by=by, answers=answers, at=at + HOUR)
    return case, {each.rule: each for each in Duty.objects.filter(deviation=case)}


def _running(story: Story, town: Town) -> None:
    case, found = _case(
        story, town, PLACES[town.plan.code], 4, "tapt utstyr/papir", LEFT, story.now - 23 * HOUR, rules.PRIVACY
    )
    actions.fill_in(
        duty=found["privacy_authority"], by=story.handler(case), cause=town.word(CAUSE), data_types=town.word(TYPES),
        at=story.now - 20 * HOUR,
    )  # fmt: skip


def _late(story: Story, town: Town) -> None:
    """The calls were made at once; the confirmation in writing was forgotten; Nav has a year."""
    at = story.now - 8 * DAY
    case, found = _case(story, town, "BY", 2, "personskade", HURT, at, rules.EMPLOYEE)
    by = story.handler(case)
    for name in ("employee_authority", "employee_police"):
        actions.mark_done(duty=found[name], by=by, done_at=at + 0.5 * HOUR, at=at + 2 * HOUR)


def _done(story: Story, town: Town) -> None:
    at = story.now - 40 * DAY
    case, found = _case(story, town, "SD", 4, "feilsendt", SENT, at, rules.PRIVACY)
    by = story.handler(case)
    actions.mark_done(duty=found["privacy_authority"], by=by, receipt="AR612345678", at=at + 26 * HOUR)
    actions.mark_not_needed(duty=found["privacy_subjects"], by=by, reason=town.word(HIGH), at=at + 27 * HOUR)
    actions.close(deviation=case, by=by, outcome=town.word(CLOSED), at=at + 9 * DAY)


def _not_needed(story: Story, town: Town) -> None:
    at = story.now - 12 * DAY
    case, found = _case(story, town, "SD", 4, "feilsendt", RETURNED, at, rules.PRIVACY)
    for duty in found.values():
        actions.mark_not_needed(duty=duty, by=story.handler(case), reason=town.word(UNLIKELY), at=at + 20 * HOUR)


def _outbreak(story: Story, town: Town) -> None:
    """The doctor was called in time, and told FHI a day too late."""
    at = story.now - 25 * DAY
    case, found = _case(story, town, "INST", 5, "utbrudd", ILL, at, rules.OUTBREAK)
    by = story.handler(case)
    actions.mark_done(duty=found["outbreak_doctor"], by=by, done_at=at + 0.5 * HOUR, at=at + 2 * HOUR)
    late = at + 3 * DAY
    actions.mark_done(duty=found["outbreak_fhi"], by=by, receipt="V-1043", done_at=late, at=late)
    actions.close(deviation=case, by=by, outcome=town.word(CLOSED), at=at + 10 * DAY)

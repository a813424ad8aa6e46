# ruff: noqa: E501 - the two languages of a text stand on one line
"""Meetings of the demo: leaders' meetings with minutes and a next one, teams, a committee, a review, a network."""

from __future__ import annotations

import datetime

from django.utils import translation

from deviations.models import Deviation, Naming
from improvement import actions
from improvement.models import AgendaItem, Every, Forum, ForumKind, Meeting
from kvalitetslosen.demo import one_story
from kvalitetslosen.demo.one_story import PLACES
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.networks.models import Network
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.workdays import OSLO

Pair = tuple[str, str]
Days = datetime.timedelta

LEADERS: Pair = ("Ledermøte", "Leiarmøte")
TEAM: Pair = ("Teammøte", "Teammøte")
ROOM: Pair = ("Møterom 2, kommunehuset", "Møterom 2, kommunehuset")
WARD: Pair = ("Personalrommet", "Personalrommet")
CASE: Pair = ("En sak å lære av", "Ei sak å lære av")
TOLD: Pair = (
    "En oppgave ble glemt ved vaktskiftet fordi to ting skjedde samtidig. Ingen kom til skade, og kollegaen som oppdaget det, rettet det med en gang.",
    "Ei oppgåve vart gløymd ved vaktskiftet fordi to ting skjedde samstundes. Ingen kom til skade, og kollegaen som oppdaga det, retta det med ein gong.",
)
WHY: Pair = (
    "Beskjeden ble gitt muntlig, midt i noe annet. Alle trodde den andre hadde den.",
    "Beskjeden vart gitt munnleg, midt i noko anna. Alle trudde den andre hadde han.",
)
TYPICAL: Pair = (
    "Det skjer ved overganger, og oftest sist i uka. Tre av oss kjente det igjen.",
    "Det skjer ved overgangar, og oftast sist i veka. Tre av oss kjende det att.",
)
TRIES: Pair = (
    "Ti minutter overlapp, og beskjeder på tavla i stedet for i gangen.",
    "Ti minutt overlapp, og beskjedar på tavla i staden for i gangen.",
)
DECISION: Pair = (
    "Vi prøver overlapp i to måneder, og ser på det i neste møte.",
    "Vi prøver overlapp i to månader, og ser på det i neste møte.",
)
DO: Pair = ("Lag plass i turnusen til ti minutter overlapp", "Lag plass i turnusen til ti minutt overlapp")
ANSWER: Pair = (
    "Saken din ble tatt opp i ledermøtet, uten navn. Flere kjente seg igjen. Vi prøver ti minutter overlapp ved vaktskiftet i to måneder. Takk for at du meldte fra.",
    "Saka di vart teken opp i leiarmøtet, utan namn. Fleire kjende seg att. Vi prøver ti minutt overlapp ved vaktskiftet i to månader. Takk for at du melde frå.",
)
FOLLOWED: Pair = (
    "De fleste hørte fra oss innen fristen. Når en sak tar tid, ringer vi.",
    "Dei fleste høyrde frå oss innan fristen. Når ei sak tek tid, ringjer vi.",
)
PRACTICE: Pair = (
    "En avdeling begynner rapporten med «hva gikk bra på vakta?». Det tar to minutter, og flere melder nå det de ser.",
    "Ei avdeling startar rapporten med «kva gjekk bra på vakta?». Det tek to minutt, og fleire melder no det dei ser.",
)
ROUND: Pair = (
    "Vi sliter alle med overgangene: fra sykehus, fra vakt til vakt, fra barnehage til skole.",
    "Vi slit alle med overgangane: frå sjukehus, frå vakt til vakt, frå barnehage til skule.",
)
ACROSS: Pair = (
    "Hver prøver én ting med overgangene før neste møte, og forteller hvordan det gikk.",
    "Kvar prøver éin ting med overgangane før neste møte, og fortel korleis det gjekk.",
)


def stage(towns: list[Town], now: datetime.datetime) -> None:
    for town in towns:
        with translation.override(town.plan.language):
            _leaders(town, now)
            _team(town, now)
            if town.plan.code == "MAR":
                _committee(town, now)
            if town.plan.code == "AUD":
                _review(town, now)
    _network(towns, now)


def _at(now: datetime.datetime, days: int, hour: int) -> datetime.datetime:
    """So many days from now, on a working day."""
    day = now.date() + Days(days=days)
    day += Days(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
    return datetime.datetime.combine(day, datetime.time(hour), OSLO)


def _meeting(
    forum: Forum, starts: datetime.datetime, place: str, *, begins: int, planned: datetime.datetime
) -> Meeting:
    """Planned some days before, about the days since ``begins`` days before it."""
    last = min(starts, planned).date()
    return actions.plan_meeting(
        forum=forum, by=forum.leader, starts_at=starts, lasts=60, place=place, period_first=last - Days(days=begins),
        period_last=last, at=planned,
    )  # fmt: skip


OWN_POINT = ("Vikarer i jula", "Vikarar i jula")
OWN_WORDS = (
    "Vi mangler fortsatt to på kveld. Kan enhetene dele på de vikarene som er lært opp?",
    "Vi manglar framleis to på kveld. Kan einingane dele på dei vikarane som er lærte opp?",
)


def _leaders(town: Town, now: datetime.datetime) -> None:
    code = PLACES[town.plan.code]
    upper = town.above(code)
    lead, unit = town.leader(upper), town.units[upper]
    others = {user.pk: user for place, user in town.leaders.items() if town.units[place].is_within(unit)}
    begun = now - Days(days=220)
    forum = actions.found_forum(
        by=lead, name=f"{town.word(LEADERS)} {unit.name.lower()}", kind=ForumKind.LEADERS, unit=unit,
        members=others.values(), every=Every.MONTH, at=begun,
    )  # fmt: skip
    one_story.discuss(town, forum, list(others.values()), now, town.word(ROOM))
    held = _at(now, -21, 9)
    meeting = _meeting(forum, held, town.word(ROOM), begins=40, planned=held - Days(days=6))
    actions.send(meeting=meeting, by=lead, at=held - Days(days=5))
    leader = town.leader(code)
    case = _case(town, code, leader, held - Days(days=10))
    later = held + Days(hours=1)
    if item := next((each for each in meeting.items.chosen() if each.kind == "follow_up"), None):
        actions.minute(item=item, by=lead, seen=item.edits, decision=town.word(FOLLOWED), at=held)
    if case is not None:
        item = actions.bring_case(
            meeting=meeting, by=leader, deviation=case, heading=town.word(CASE), words=town.word(TOLD),
            at=held - Days(days=4),
        )  # fmt: skip
        actions.minute(
            item=item, by=lead, seen=item.edits, why=town.word(WHY), typical=town.word(TYPICAL), tries=town.word(TRIES),
            decision=town.word(DECISION), told=town.word(ANSWER), what=town.word(DO), owner=leader,
            deadline=now.date() + Days(days=12), at=later,
        )  # fmt: skip
    actions.hold_meeting(meeting=meeting, by=lead, present=list(others.values())[:-1], at=later)
    actions.approve_minutes(meeting=meeting, by=lead, at=later + Days(days=1))
    coming = _meeting(forum, _at(now, 5, 9), town.word(ROOM), begins=20, planned=now - Days(days=1))
    actions.send(meeting=coming, by=lead, at=now - Days(hours=20))
    actions.add_item(
        meeting=coming, by=leader, heading=town.word(OWN_POINT), words=town.word(OWN_WORDS), at=now - Days(hours=16)
    )


def _case(town: Town, code: str, leader: User, before: datetime.datetime) -> Deviation | None:
    """A case that was closed well before the meeting, of the leader's own."""
    rows = Deviation.objects.in_subtree(town.units[code]).filter(
        handler=leader, about=None, merged_into=None, naming=Naming.NAMED, closed_at__lt=before
    )
    rows = rows.exclude(reporter=leader).exclude(pk__in=[case.pk for case in one_story.cases_of(town)])
    return rows.order_by("-closed_at", "pk").first()


def _team(town: Town, now: datetime.datetime) -> None:
    code = PLACES[town.plan.code]
    leader, unit = town.leader(code), town.units[code]
    forum = actions.found_forum(
        by=leader, name=f"{town.word(TEAM)} {unit.name.lower()}", kind=ForumKind.TEAM, unit=unit,
        members=[*town.at[code][:5], *([town.people["ansatt"]] if "ansatt" in town.people else [])], every=Every.WEEK,
        at=now - Days(days=60),
    )  # fmt: skip
    _meeting(forum, _at(now, 2, 13), town.word(WARD), begins=14, planned=now - Days(hours=5))


def _holding(town: Town, role: str) -> list[User]:
    return list(
        User.objects.filter(memberships__unit=town.root, memberships__role=role, municipality=town.root)
        .distinct()
        .order_by("pk")
    )


def _committee(town: Town, now: datetime.datetime) -> None:
    lead = town.coordinator
    members = [
        town.chief,
        *_holding(town, Role.SAFETY_REP),
        *_holding(town, Role.UNION_REP),
        *_holding(town, Role.WORK_ENVIRONMENT),
    ]
    forum = actions.found_forum(
        by=lead, name="Arbeidsmiljøutvalget (AMU)", kind=ForumKind.WORK_ENVIRONMENT, unit=town.root, members=members,
        every=Every.QUARTER, at=now - Days(days=200),
    )  # fmt: skip
    _meeting(forum, _at(now, 9, 12), "Formannskapssalen", begins=90, planned=now - Days(days=2))


def _review(town: Town, now: datetime.datetime) -> None:
    lead = town.chief
    tops = [user for place, user in town.leaders.items() if town.units[place].depth == 1]
    forum = actions.found_forum(
        by=lead, name="Ledelsens gjennomgang", kind=ForumKind.REVIEW, unit=town.root,
        members=[*tops, town.coordinator], secretary=town.coordinator, every=Every.YEAR, at=now - Days(days=30),
    )  # fmt: skip
    _meeting(forum, _at(now, 16, 9), "Formannskapssalen", begins=365, planned=now - Days(days=3))


def _network(towns: list[Town], now: datetime.datetime) -> None:
    """Leaders of three municipalities, with a meeting that was held and the next one."""
    aseral, _marnardal, audnedal = towns
    network = Network.objects.get(name="Kvalitet i indre Agder")
    lead = audnedal.leader("INST")
    with translation.override("nb"):
        forum = actions.found_forum(
            by=lead, name="Ledere i indre Agder", kind=ForumKind.PEERS, unit=audnedal.root, network=network,
            every=Every.QUARTER, at=now - Days(days=130),
        )  # fmt: skip
        for town in towns[:2]:
            user = town.leader(PLACES[town.plan.code])
            actions.add_member(forum=forum, by=user, user=user, at=now - Days(days=128))
        held = _at(now, -35, 12)
        meeting = _meeting(forum, held, "Bjelland grendehus", begins=90, planned=held - Days(days=9))
        actions.send(meeting=meeting, by=lead, at=held - Days(days=8))
        items: list[AgendaItem] = list(meeting.items.chosen())
        actions.minute(item=items[0], by=lead, seen=items[0].edits, decision=ROUND[0], at=held)
        actions.minute(item=items[-2], by=lead, seen=items[-2].edits, decision=PRACTICE[0], at=held)
        actions.minute(
            item=items[-1], by=lead, seen=items[-1].edits, decision=ACROSS[0], what="Prøv tavle for beskjeder ved overgangene",
            owner=aseral.leader("HB"), deadline=now.date() + Days(days=20), at=held,
        )  # fmt: skip
        actions.hold_meeting(meeting=meeting, by=lead, present=list(forum.members.all()), at=held + Days(hours=2))
        actions.approve_minutes(meeting=meeting, by=lead, at=held + Days(days=2))
        _meeting(forum, _at(now, 23, 12), "Åseral kommunehus", begins=60, planned=now - Days(days=1))

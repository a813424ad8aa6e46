"""Who may do what with a case. Which cases a person sees at all is ``Deviation.objects.visible_to``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deviations import duties, injuries
from deviations.actions import duty_settings_of
from deviations.lifecycle import DUTY, LIFECYCLE, RESPONSIBLE, Part
from deviations.models import (
    ADVISED,
    Deviation,
    Duty,
    Kind,
    Naming,
    Reply,
    SealedIdentity,
    Source,
    TallySheet,
    Task,
    Topic,
    TriageAnswer,
)
from kvalitetslosen.journal.transitions import Step
from kvalitetslosen.organisation.models import InTree, Role, Unit, User

CLOSING_CHECKS: list[Callable[[Deviation], str | None]] = []
"""Filled by modules that know of something which must be finished first; each says what, or nothing."""

SERIOUS_CHECKS: list[Callable[[Deviation], str | None]] = []
"""The same, for what a serious case needs before it is closed as handled."""

CLOSING = frozenset({"close", "receive_and_close", "not_deviation"})
"""The steps that wait for it. Merging doesn't: what is unfinished goes along to the other case."""


def is_reporter(deviation: Deviation, user: User) -> bool:
    """Whether the case is the person's own, under a hidden name too. One without a name is no person's."""
    if deviation.naming == Naming.SEALED:
        return SealedIdentity.objects.filter(deviation=deviation, user=user).exists()
    return deviation.reporter_id is not None and deviation.reporter_id == user.pk


def parts_of(deviation: Deviation, user: User) -> frozenset[Part]:
    """What the person is in this case. Nobody handles their own report, nor one about themselves."""
    if is_reporter(deviation, user):
        return frozenset({Part.REPORTER})
    if deviation.about_id == user.pk:
        return frozenset()
    parts = set()
    if deviation.handler_id == user.pk:
        parts.add(Part.HANDLER)
    if user.standing.reaches(Role.LEADER, deviation):
        parts.add(Part.LEADER)
    if deviation.about_id is None and user.standing.reaches(Role.QUALITY_CONTACT, deviation):
        parts.add(Part.QUALITY)
    if _watches(deviation, user):
        parts.add(Part.WATCHER)
    return frozenset(parts)


def _watches(deviation: Deviation, user: User) -> bool:
    """Whether the law lets the person see the case for what it is about, and say something to it."""
    if deviation.about_id is not None:
        return False
    if deviation.topic == Topic.HSE:
        return user.standing.reaches(Role.SAFETY_REP, deviation)
    return deviation.topic == Topic.PRIVACY and user.standing.has(Role.DPO)


def available_steps(deviation: Deviation, parts: frozenset[Part]) -> list[Step]:
    """The buttons of the moment: what the table allows, less what this case makes pointless."""
    steps = LIFECYCLE.available(deviation.state, parts)
    if deviation.is_serious:
        steps = [step for step in steps if step.name != "receive_and_close"]
    if Part.HANDLER in parts:
        steps = [step for step in steps if step.name != "take_over"]
    if deviation.merged_into is not None and not deviation.merged_into.is_open:
        steps = [step for step in steps if step.name != "unmerge"]  # that one is opened again first
    if deviation.source == Source.ELSEWHERE:
        steps = [step for step in steps if step.name != "ask"]  # the one who reported is told there
    if deviation.kind == Kind.PROPOSAL:
        steps = [step for step in steps if step.name != "make_proposal"]
    return steps


def may_write(parts: frozenset[Part]) -> bool:
    """Whether the person takes part in the talk between the reporter and those who handle the case."""
    return bool(parts & {Part.REPORTER, Part.HANDLER, Part.LEADER})


COMMENTED_TO = frozenset({Part.HANDLER, Part.LEADER, Part.QUALITY})


def reads_comments(parts: frozenset[Part]) -> bool:
    """Whether the person reads every comment of those who watch over; the reporter reads those meant for them."""
    return bool(parts & (COMMENTED_TO | {Part.WATCHER}))


def may_comment(deviation: Deviation, parts: frozenset[Part], *, commented: bool) -> bool:
    """Those who watch over, from report to answer and after it; the ones they said it to, once there is something."""
    if deviation.merged_into_id is not None:
        return False
    return Part.WATCHER in parts or (commented and bool(parts & COMMENTED_TO))


def may_enter_injury(deviation: Deviation, parts: frozenset[Part]) -> bool:
    """Whether the person writes the case's line in the register of work injuries, also after it is closed."""
    return bool(parts & COMMENTED_TO) and injuries.may_be_entered(deviation)


def may_answer(parts: frozenset[Part]) -> bool:
    """Whether the person may answer the questions of the category: the reporter those not answered yet."""
    return bool(parts & {Part.REPORTER, Part.HANDLER, Part.LEADER, Part.QUALITY})


def may_remove_files(deviation: Deviation, parts: frozenset[Part]) -> bool:
    """Those responsible, whenever it is seen that a file shows too much; the reporter while the case is open."""
    return bool(parts & RESPONSIBLE) or (Part.REPORTER in parts and deviation.is_open)


def may_open_identity(deviation: Deviation, user: User) -> bool:
    """Only the quality coordinator (quality contact of the whole municipality), never in a case about a leader."""
    return (
        deviation.naming == Naming.SEALED
        and deviation.about_id is None
        and any(unit.pk == deviation.level_0 for unit in user.standing.units(Role.QUALITY_CONTACT))
        and not is_reporter(deviation, user)
    )


def may_reach(deviation: Deviation, user: User) -> bool:
    """Whether the person may read how somebody from outside can be reached: whoever has the case in hand, no other."""
    return deviation.source == Source.OUTSIDE and deviation.handler_id == user.pk


def closing_obstacles(deviation: Deviation, step: str = "close") -> list[str]:
    """What must be finished before the step can end the case, in sentences."""
    checks = [*CLOSING_CHECKS, *(SERIOUS_CHECKS if step == "close" and deviation.is_serious else ())]
    return [sentence for check in checks if (sentence := check(deviation))]


def lacks_what_is_serious(deviation: Deviation) -> bool:
    """Whether a serious case can't be closed before something is done that others don't need."""
    return deviation.is_serious and any(check(deviation) for check in SERIOUS_CHECKS)


def may_link(parts: frozenset[Part]) -> bool:
    """Who says which cases belong together, also when they are closed."""
    return bool(parts & (RESPONSIBLE | {Part.QUALITY}))


# Looking for the cause


def reads_analysis(parts: frozenset[Part]) -> bool:
    """Who sees all of the case: whoever handles it, leads its line or coordinates it. Never the reporter."""
    return Part.REPORTER not in parts and bool(parts & (RESPONSIBLE | {Part.QUALITY}))


def may_analyse(deviation: Deviation, parts: frozenset[Part]) -> bool:
    """The same, as long as the case is open."""
    return deviation.is_open and reads_analysis(parts)


# What a colleague is asked


def may_ask_colleague(deviation: Deviation, parts: frozenset[Part]) -> bool:
    """Whoever handles the case and the leaders in its line, as long as it is open."""
    return deviation.is_open and bool(parts & RESPONSIBLE)


def reads_tasks(parts: frozenset[Part]) -> bool:
    """Whether the person reads what colleagues are asked in the case, and what they answer."""
    return bool(parts & (RESPONSIBLE | {Part.QUALITY}))


def parts_in_task(task: Task, user: User) -> frozenset[Part]:
    """What the person is to the task: who is asked, while it is open, or who answers for the case."""
    if task.deviation.about_id == user.pk:
        return frozenset()
    parts = set(parts_of(task.deviation, user) & RESPONSIBLE)
    if task.given_to_id == user.pk and task.is_open:
        parts.add(Part.COLLEAGUE)
    return frozenset(parts)


# What a team talks about


def may_take_to_team(deviation: Deviation, parts: frozenset[Part]) -> bool:
    """Whoever handles the case, leads its line or coordinates it; never one about a leader, which is nobody else's."""
    takes = parts & (RESPONSIBLE | {Part.QUALITY})
    return bool(takes) and deviation.about_id is None and deviation.merged_into_id is None


def may_put_up_screen(user: User, place: InTree) -> bool:
    """Who decides what hangs on a unit's wall: its leaders and quality contacts."""
    return any(user.standing.reaches(role, place) for role in (Role.LEADER, Role.QUALITY_CONTACT))


# Tally sheets

TICKING = (Role.EMPLOYEE, Role.LEADER, Role.QUALITY_CONTACT)


def may_tick(user: User, unit: Unit) -> bool:
    """Whoever works in the unit or above it; a unit that is closed has no more events."""
    return unit.closed_on is None and any(user.standing.reaches(role, unit) for role in TICKING)


def may_choose_ticked(user: User, place: InTree) -> bool:
    """Who decides what is ticked in a unit."""
    return any(user.standing.reaches(role, place) for role in (Role.LEADER, Role.QUALITY_CONTACT))


def parts_in_sheet(sheet: TallySheet, user: User) -> frozenset[Part]:
    """What the person is to the month: whose it is to close, a leader in line, or a quality contact."""
    parts = set()
    if sheet.handler_id == user.pk:
        parts.add(Part.HANDLER)
    if user.standing.reaches(Role.LEADER, sheet):
        parts.add(Part.LEADER)
    if user.standing.reaches(Role.QUALITY_CONTACT, sheet):
        parts.add(Part.QUALITY)
    return frozenset(parts)


def may_strike(sheet: TallySheet, parts: frozenset[Part]) -> bool:
    """Whether the person may take away a wrong tick that is not their own, or make it a case."""
    return sheet.is_open and bool(parts & RESPONSIBLE)


# Duties to tell somebody outside


def parts_in_duties(rows: Sequence[Duty], user: User, parts: frozenset[Part]) -> list[frozenset[Part]]:
    """What the person is to each of a case's duties: as in the case, or as whom the law wants told of it.

    Nobody handles what they have reported themselves. ``parts`` is what they are in the case.
    """
    if Part.REPORTER in parts:
        return [frozenset()] * len(rows)
    named: set[str] = set()
    if any(row.triage in ADVISED for row in rows):
        kept = duty_settings_of(rows[0].municipality_id)
        named = {triage for triage, field in ADVISED.items() if getattr(kept, f"{field}_id") == user.pk}
    if user.standing.has(Role.DPO):
        named.add(duties.PRIVACY)
    return [
        parts | {Part.ADVISER} if row.triage in named and row.deviation.about_id is None else parts for row in rows
    ]


def parts_in_duty(duty: Duty, user: User) -> frozenset[Part]:
    return parts_in_duties([duty], user, parts_of(duty.deviation, user))[0]


def duty_steps(duty: Duty, parts: frozenset[Part]) -> list[Step]:
    """The buttons of the moment. An ended case's duties stay as they are until it is opened again."""
    if not duty.deviation.is_open:
        return []
    return [step for step in DUTY.available(duty.state, parts) if step.name != "fill_in" or duty.has_report]


def may_triage(deviation: Deviation, user: User, parts: frozenset[Part]) -> frozenset[str]:
    """The questions about whom to tell that the person may answer."""
    if not deviation.is_open or Part.REPORTER in parts:
        return frozenset()
    if parts & {Part.HANDLER, Part.LEADER, Part.QUALITY}:
        return frozenset(duties.BY_CODE)
    is_dpo = deviation.topic == Topic.PRIVACY and deviation.about_id is None and user.standing.has(Role.DPO)
    return frozenset({duties.PRIVACY}) if is_dpo else frozenset()


def untold(deviation: Deviation) -> str | None:
    """Why the case can't be closed yet: somebody outside is still to be told."""
    count = Duty.objects.running().filter(deviation=deviation).count()
    if not count:
        return None
    return ngettext(
        "Somebody is still to be told because of this case. Tick it as done, or say why it is not needed.",
        "%(n)d duties to tell are not finished. Tick them as done, or say why they are not needed.",
        count,
    ) % {"n": count}


def unanswered(deviation: Deviation) -> str | None:
    """Why the case can't be closed yet: every breach of privacy is documented, so somebody must say if it is one."""
    if deviation.topic != Topic.PRIVACY or deviation.kind != Kind.DEVIATION:
        return None
    answers = TriageAnswer.objects.filter(deviation=deviation, code=duties.PRIVACY).exclude(answer=Reply.UNKNOWN)
    return None if answers.exists() else _("Answer first whether personal data have gone astray.")


CLOSING_CHECKS += [untold, unanswered]

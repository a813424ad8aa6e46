"""Who may do what with forums and meetings. Which a person sees at all is ``visible_to``: those they are in."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from deviations import access as cases
from deviations.lifecycle import Part as CasePart
from deviations.models import Deviation
from improvement.meeting_lifecycle import MEETING, MeetingPart
from improvement.models import OWN, Action, AgendaItem, Forum, Meeting
from kvalitetslosen.journal.transitions import Step
from kvalitetslosen.organisation.models import Role, Unit, User

FOUNDING = (Role.LEADER, Role.QUALITY_CONTACT)
"""Who begins forums: about the units they hold the role at, and those below."""

USING = (*FOUNDING, Role.SAFETY_REP, Role.UNION_REP, Role.WORK_ENVIRONMENT)
"""Who has meetings in the menu. Everybody else finds theirs on the morning page."""


def uses_meetings(user: User) -> bool:
    return user.standing.has(*USING)


def may_found(user: User) -> bool:
    """Whether the person may begin a forum at all. No query of its own."""
    return user.standing.has(*FOUNDING, Role.WORK_ENVIRONMENT)


def units_to_found_in(user: User) -> QuerySet[Unit]:
    """The units the person may begin a forum about."""
    led = [unit for role in FOUNDING for unit in user.standing.units(role)]
    rows = Unit.objects.in_any_subtree(tuple(led))
    if user.standing.has(Role.WORK_ENVIRONMENT):
        rows = rows | Unit.objects.filter(pk=user.municipality_id)
    return rows.active().order_by("depth", "name", "pk")


def parts_in_forum(forum: Forum, user: User) -> frozenset[MeetingPart]:
    """What the person is to the forum and its meetings, besides a member."""
    parts = set()
    if forum.leader_id == user.pk:
        parts |= {MeetingPart.LEADER, MeetingPart.WRITER}
    if forum.secretary_id == user.pk:
        parts.add(MeetingPart.WRITER)
    return frozenset(parts)


def meeting_steps(meeting: Meeting, user: User) -> list[Step]:
    return MEETING.available(meeting.state, parts_in_forum(meeting.forum, user))


def may_write(meeting: Meeting, user: User) -> bool:
    """Whether the person writes the agenda and the minutes."""
    return meeting.is_open and MeetingPart.WRITER in parts_in_forum(meeting.forum, user)


def who_does_it(action: Action, forum: Forum, members: Collection[int]) -> str:
    """The owner as all in the forum read it.

    Across municipalities somebody who isn't in it, because the action was handed over say, is their municipality: no
    name crosses a border but by one's own act.
    """
    if forum.is_across and action.owner_id not in members:
        return action.owner.municipality.name
    return action.owner.name


def may_suggest(meeting: Meeting, user: User) -> bool:
    """Whether the person adds points: whoever writes it as long as it is open, every member until it is held.

    Who sees the meeting is a member.
    """
    return may_write(meeting, user) or (meeting.is_planned and meeting.forum.is_going)


def may_reword(item: AgendaItem, user: User) -> bool:
    """Whoever writes the agenda; and each member their own point, until the meeting is held."""
    meeting = item.meeting
    return may_write(meeting, user) or (meeting.is_planned and item.kind == OWN and item.brought_by_id == user.pk)


def asks_why(item: AgendaItem, user: User) -> bool:
    """Whether taking the point off asks for a word to whoever suggested it: a member who doesn't write the agenda."""
    forum = item.meeting.forum
    return item.kind == OWN and item.brought_by_id not in (None, user.pk, forum.leader_id, forum.secretary_id)


BRINGING = frozenset({CasePart.HANDLER, CasePart.LEADER, CasePart.QUALITY})


def may_bring(deviation: Deviation, user: User) -> bool:
    """Whoever handles the case, leads its line or coordinates it; never one about a leader, as with teams.

    A leader it is about may take part in a meeting, or join later and read the minutes.
    """
    parts = cases.parts_of(deviation, user)
    return bool(parts & BRINGING) and deviation.about_id is None and deviation.merged_into_id is None

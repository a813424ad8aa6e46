"""Who may do what with learning stories. Which a person sees at all is ``LearningStory.objects.visible_to``."""

from __future__ import annotations

from deviations import access as cases
from deviations.lifecycle import State as CaseState
from deviations.models import Deviation, Naming
from improvement.access import CASE_RESPONSIBLE, may_measure, parts_in_improvement
from improvement.filters import own_units
from improvement.models import Improvement, LearningStory
from improvement.seven_steps import Share
from improvement.story_lifecycle import STORY, StoryPart
from kvalitetslosen.journal.transitions import Step
from kvalitetslosen.organisation.models import Unit, User


def may_tell_from(deviation: Deviation, user: User) -> bool:
    """Whoever handled the case and the leaders in its line, once it is closed. Never whoever reported it."""
    return deviation.state == CaseState.CLOSED and bool(cases.parts_of(deviation, user) & CASE_RESPONSIBLE)


def may_tell_from_improvement(improvement: Improvement, user: User) -> bool:
    """Whoever led the work and the leaders in its line, once it has ended: finished or given up, both teach."""
    parts = parts_in_improvement(improvement, user)
    return not improvement.is_working and bool(parts & {Share.OWNER, Share.RESPONSIBLE})


def may_tell(user: User) -> bool:
    """Leaders and quality contacts tell of their units without any case. No query of its own."""
    return may_measure(user)


def is_delicate(deviation: Deviation | None) -> bool:
    """Whether a story from the case must carry nothing of it: a hidden or missing name, or a leader it is about."""
    return deviation is not None and (deviation.naming != Naming.NAMED or deviation.about_id is not None)


def parts_in_story(story: LearningStory, user: User) -> frozenset[StoryPart]:
    parts = set()
    if story.teller_id == user.pk:
        parts.add(StoryPart.TELLER)
    if story.reader_id == user.pk:
        parts.add(StoryPart.READER)
    return frozenset(parts)


def story_steps(story: LearningStory, user: User) -> dict[str, Step]:
    return {step.name: step for step in STORY.available(story.state, parts_in_story(story, user))}


def units_that_try(story: LearningStory, user: User) -> list[Unit]:
    """The units the person can answer for having tried it in: those they lead or coordinate, but where it comes from.

    Where it isn't said which unit that is, it can't be told by trying names either: its own teller is kept out only.
    """
    if not story.is_published or story.teller_id == user.pk:
        return []
    own = own_units(user)
    return [unit for unit in own if story.hides_unit or unit.pk != story.unit_id]


def may_ask_teller(story: LearningStory, user: User) -> bool:
    return story.is_published and story.teller_id != user.pk


def names_teller(story: LearningStory, user: User) -> bool:
    """Whether the person reads who tells it. Where the unit isn't said, its teller's name would say it."""
    return not story.hides_unit or user.pk in (story.teller_id, story.reader_id)

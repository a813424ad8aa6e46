"""The verbs of learning stories: begin, write, send to a second reader, publish, withdraw; try, ask and answer.

Rights are asked before, in the view; states once, in ``move``. What a story comes from is in none of its events.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from deviations.models import Category, Deviation
from improvement.actions.acting import CannotOwn, may_own
from improvement.actions.improving import begin_improvement, give_up
from improvement.frozen import frozen
from improvement.models import Adoption, Audience, Helped, Improvement, LearningStory, Measure, StoryQuestion
from improvement.story_lifecycle import StoryState
from kvalitetslosen.journal.record import create, lock, record, save_with_event
from kvalitetslosen.journal.transitions import move
from kvalitetslosen.networks.models import Network
from kvalitetslosen.organisation.models import InTree, Unit, User

WRITTEN = frozenset({
    "title", "happened", "made_sense", "changed", "helped", "hides_unit", "category", "season", "year", "measure",
    "audience", "network",
})  # fmt: skip
"""What the teller writes and chooses."""


class OutsideNetwork(Exception):
    """The municipality isn't in the network it should be shared with."""


def may_read_for_privacy(user: User, story: LearningStory) -> bool:
    """A colleague who hasn't left, isn't the teller, and isn't whom the case behind the story is about."""
    if user.pk == story.teller_id:
        return False
    return may_own(user, municipality_id=story.level_0, deviation=story.deviation)


def base_of(category: Category | None) -> str:
    """What all municipalities call the same: the key of the main category in the shared base."""
    return (category.parent or category).base if category else ""


@transaction.atomic
def begin_story(
    *,
    by: User,
    unit: Unit | None = None,
    deviation: Deviation | None = None,
    improvement: Improvement | None = None,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
    **written: Any,
) -> LearningStory:
    """Begin to tell what was learnt, from a case, an improvement or neither.

    ``key`` is the form's own: sent twice it is one. ``written`` are the texts and choices of the story. Raises
    ``OutsideNetwork``.
    """
    now = at or timezone.now()
    place: InTree
    if deviation is not None:
        deviation = (
            Deviation.objects.select_for_update(of=("self",)).select_related("handling_unit").get(pk=deviation.pk)
        )
        unit, place = deviation.handling_unit, deviation
    elif improvement is not None or unit is not None:
        unit = improvement.unit if improvement is not None else unit
        assert unit is not None
        place = unit = Unit.objects.standing_still(unit.pk)
    else:
        raise ValueError("A story belongs to a unit or comes from a case.")
    if key and (sent := LearningStory.objects.filter(key=key).first()):
        return sent
    story = LearningStory(
        teller=by,
        deviation=deviation,
        improvement=improvement,
        created_at=now,
        **_written(unit.municipality_id, written),
    )
    story.unit = unit
    story.copy_levels(place)
    if key:
        story.key = key
    return create(story, "improvement.story_begun", by=by, at=now)


def _written(municipality_id: int | None, written: dict[str, Any]) -> dict[str, Any]:
    """The fields as they are kept. Raises ``OutsideNetwork``, and ``ValueError`` for anything the teller doesn't."""
    if unknown := written.keys() - WRITTEN:
        raise ValueError(f"A teller doesn't write {', '.join(sorted(unknown))}.")
    kept: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in written.items()
    }
    if "category" in kept:
        kept["base"] = base_of(kept["category"])
    if "audience" in kept:
        network = kept.get("network")
        if kept["audience"] != Audience.NETWORK:
            kept["network"] = None
        elif network is None or not _is_in(municipality_id, network):
            raise OutsideNetwork
    return kept


def _is_in(municipality_id: int | None, network: Network) -> bool:
    return municipality_id is not None and Network.objects.of(municipality_id).filter(pk=network.pk).exists()


@transaction.atomic
def write_story(
    *, story: LearningStory, by: User, at: datetime.datetime | None = None, seen: int | None = None, **written: Any
) -> None:
    """Go on writing on the draft. Nothing changed is no event. Raises ``OutsideNetwork``."""
    kept = _written(story.level_0, written)
    base = {"base": kept.pop("base")} if "base" in kept else {}
    current = lock(story)
    if seen in (None, current.events_count) and all(getattr(current, name) == value for name, value in kept.items()):
        return
    move(story, "write", by=by, at=at, seen=seen, untold=base, **kept)


@transaction.atomic
def send_story(
    *, story: LearningStory, by: User, reader: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """To a second person, who reads it for privacy. The chart's figures are copied now: what is read is published.

    Raises ``CannotOwn`` where the person can't read it, ``OutsideNetwork`` where it is meant for one no more.
    """
    now = at or timezone.now()
    person = User.objects.select_for_update(of=("self",)).get(pk=reader.pk)
    if not may_read_for_privacy(person, story):
        raise CannotOwn
    if story.network is not None and not _is_in(story.level_0, story.network):
        raise OutsideNetwork
    chart = frozen(story.measure, story.teller) if _sees(story.teller, story.measure) and story.measure else None
    move(story, "send", by=by, at=now, seen=seen, reader=person, untold={"chart": chart, "wanted": "", "sent_at": now})


def _sees(teller: User, measure: Measure | None) -> bool:
    return measure is not None and Measure.objects.visible_to(teller).filter(pk=measure.pk).exists()


@transaction.atomic
def publish_story(
    *, story: LearningStory, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """The second reader finds nothing that tells who it is about, and it is read from now on.

    Whoever reported the case hears that something was learnt from it; not which story, nor who told it.
    """
    now = at or timezone.now()
    move(story, "publish", by=by, at=now, seen=seen, untold={"published_at": now})
    if story.deviation is not None:
        record(story.deviation, "improvement.learnt_from", by=None, at=now)


def want_change(
    *, story: LearningStory, by: User, wanted: str, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """The second reader wants something changed, in words only the two see: they may name what gives somebody away."""
    move(story, "want", by=by, at=at, seen=seen, wanted=wanted.strip(), untold={"chart": None})


def fetch_back(
    *, story: LearningStory, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    move(story, "fetch_back", by=by, at=at, seen=seen, untold={"chart": None})


def withdraw_story(
    *, story: LearningStory, by: User, at: datetime.datetime | None = None, seen: int | None = None
) -> None:
    """Nobody reads it any more, at once. What others made of it is theirs."""
    move(story, "withdraw", by=by, at=at, seen=seen, untold={"published_at": None})


def put_away(*, story: LearningStory, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    move(story, "put_away", by=by, at=at, seen=seen)


def revise(*, story: LearningStory, by: User, at: datetime.datetime | None = None, seen: int | None = None) -> None:
    """Back to a draft, which somebody reads anew before it is published."""
    move(story, "revise", by=by, at=at, seen=seen, untold={"chart": None})


@transaction.atomic
def inherit_story(*, story: LearningStory, by: User | None, to: User) -> None:
    """The teller leaves, and another answers for it. Where that is its second reader, somebody else must read it.

    A chart the heir can't open is let go; what was published of it is a copy. Raises ``CannotOwn``.
    """
    if not may_own(to, municipality_id=story.level_0, deviation=story.deviation):
        raise CannotOwn
    reads_own = story.reader_id == to.pk
    if reads_own and story.state == StoryState.READING:
        move(story, "fetch_back", by=by, untold={"chart": None, "reader": None})
        reads_own = False
    former = story.teller if story.is_published else None  # a published story keeps that two have answered for it
    reader = {"reader": former} if reads_own else {}
    chart = {} if story.measure is None or _sees(to, story.measure) else {"measure": None}
    move(story, "inherit", by=by, teller=to, untold={**reader, **chart})


@transaction.atomic
def inherit_reading(*, story: LearningStory, by: User | None, to: User) -> None:
    """The second reader leaves. An heir who can't read it sends it back to the teller, who asks somebody else."""
    if may_read_for_privacy(to, story):
        move(story, "read_instead", by=by, reader=to)
    else:
        move(story, "fetch_back", by=by, untold={"chart": None, "reader": None})


# What others make of it ----------------------------------------------------------------------------------------------


@transaction.atomic
def try_story(
    *,
    story: LearningStory,
    by: User,
    unit: Unit,
    helped: str,
    words: str,
    at: datetime.datetime | None = None,
) -> Adoption:
    """«We tried it»: the unit's result, which is an improvement on its board from the first time.

    Said again, it is the same row with the newer result. Where it did not help, the improvement is one given up.
    """
    now = at or timezone.now()
    place = Unit.objects.standing_still(unit.pk)
    lock(story)  # two from the same unit wait for each other
    if said := Adoption.objects.filter(story=story, unit=place).first():
        result = {"helped": helped, "words": words.strip()}
        if (said.helped, said.words) != tuple(result.values()):
            save_with_event(
                said, lock(said), "improvement.story_result_changed", by=by, at=now, data={}, changes=result,
                secret=frozenset({"words"}),
            )  # fmt: skip
        return said
    begun = begin_improvement(
        by=by, owner=by, title=story.title, unit=place, analysis=beginning_of(story), idea=story.changed, at=now
    )
    if helped == Helped.NO:
        give_up(improvement=begun, by=by, note=_("We tried it, and it did not help."), at=now)
    row = Adoption(story=story, improvement=begun, helped=helped, words=words.strip(), by=by, at=now)
    row.place_in(place)
    return create(row, "improvement.story_tried", by=by, at=now, helped=helped)


def beginning_of(story: LearningStory) -> str:
    """Where the idea comes from, in the active language: not from which unit where the story doesn't say so."""
    said = {"title": story.title, "unit": story.unit.name, "changed": story.changed}
    if story.hides_unit:
        return _("The idea comes from the story “%(title)s”. What they changed: %(changed)s") % said
    return _("The idea comes from the story “%(title)s”, %(unit)s. What they changed: %(changed)s") % said


@transaction.atomic
def ask_teller(
    *, story: LearningStory, by: User, question: str, key: uuid.UUID | None = None, at: datetime.datetime | None = None
) -> StoryQuestion:
    """Ask whoever tells it. ``key`` is the form's own: sent twice it asks once."""
    now = at or timezone.now()
    lock(story)
    if key and (sent := StoryQuestion.objects.filter(key=key).first()):
        return sent
    row = StoryQuestion(story=story, asker=by, question=question.strip(), asked_at=now)
    if key:
        row.key = key
    return create(row, "improvement.story_asked", by=by, at=now)


@transaction.atomic
def answer_asker(
    *, question: StoryQuestion, by: User, answer: str, at: datetime.datetime | None = None
) -> StoryQuestion:
    """Answer it. A second time changes nothing: the asker has read the first."""
    now = at or timezone.now()
    current = lock(question)
    if current.answered_at is None:
        said = {"answer": answer.strip()}
        save_with_event(
            current, current, "improvement.story_answered", by=by, at=now, data={}, changes=said,
            untold={"answered_at": now}, secret=frozenset(said),
        )  # fmt: skip
    return current

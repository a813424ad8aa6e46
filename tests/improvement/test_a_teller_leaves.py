"""Whoever told a story, or was to read it, leaves; and what was told while practising is forgotten."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Deviation
from improvement import actions
from improvement.charts import Better, Nature
from improvement.models import Adoption, LearningStory, Rhythm, StoryQuestion
from improvement.practice import forget
from improvement.story_lifecycle import StoryState
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User
from tests.improvement.stories import TOLD, text_of
from tests.people import World

Login = Callable[[User], Client]


def handed_over(leaving: User, heir: User, by: User) -> None:
    heirs = {each.key: heir for each, _number in handover.outstanding(leaving)}
    handover.hand_over(user=leaving, heirs=heirs, by=by)


def test_whoever_leaves_hands_stories_over(world: World, login: Login, story: LearningStory) -> None:
    actions.ask_teller(story=story, by=world.greta, question="Hvilken vest?")
    other = actions.begin_story(by=world.leif, unit=world.home_care, **TOLD)
    actions.send_story(story=other, by=world.leif, reader=world.kaja)
    handed_over(world.leif, world.kaja, world.ada)
    story.refresh_from_db()
    other.refresh_from_db()
    assert (story.teller, story.reader, story.state) == (world.kaja, world.leif, StoryState.PUBLISHED)
    assert (other.teller, other.reader, other.state) == (world.kaja, None, StoryState.DRAFT), "nobody reads their own"
    assert "Hvilken vest?" in text_of(login(world.kaja).get(f"/laring/{story.pk}/"))


def test_a_story_from_a_case_about_the_heir_goes_to_somebody_else(world: World, case_about_leif: Deviation) -> None:
    cases.close(deviation=case_about_leif, by=world.sunniva, outcome="Vi har snakket sammen.")
    story = actions.begin_story(by=world.kaja, deviation=case_about_leif, **TOLD)
    own = actions.begin_story(by=world.sunniva, deviation=case_about_leif, **TOLD)
    handed_over(world.kaja, world.leif, world.ada)
    story.refresh_from_db()
    assert story.teller == world.sunniva, "who handles the case, and nothing is said"
    heirs = {each.key: world.leif for each, _n in handover.outstanding(world.sunniva) if each.key.endswith("stories")}
    handover.hand_over(user=world.sunniva, heirs=heirs, by=world.ada)
    own.refresh_from_db()
    assert own.teller == world.rolf, "who handles it leaves: the next leader above"
    with pytest.raises(actions.CannotOwn):
        actions.inherit_story(story=own, by=world.ada, to=world.leif)


def test_the_heir_of_a_story_is_told_of_no_chart_they_cannot_open(
    world: World, login: Login, draft: LearningStory
) -> None:
    measure = actions.measure(
        by=world.leif, name="Hemmelig mål", unit=world.home_care, owner=world.leif, nature=Nature.NUMBER,
        rhythm=Rhythm.WEEK, better=Better.UP, begins_on=timezone.localdate(),
    )  # fmt: skip
    actions.write_story(story=draft, by=world.leif, measure=measure)
    LearningStory.objects.filter(pk=draft.pk).update(teller=world.greta)  # as one who has moved since
    assert "Hemmelig mål" not in text_of(login(world.greta).get(f"/laring/{draft.pk}/skriv/"))
    LearningStory.objects.filter(pk=draft.pk).update(teller=world.leif)
    draft.refresh_from_db()
    actions.inherit_story(story=draft, by=world.ada, to=world.hans)
    draft.refresh_from_db()
    assert (draft.teller, draft.measure) == (world.hans, None)
    assert "Hemmelig mål" not in text_of(login(world.hans).get(f"/laring/{draft.pk}/"))


def test_whoever_was_to_read_hands_the_reading_over(world: World, draft: LearningStory) -> None:
    actions.send_story(story=draft, by=world.leif, reader=world.kaja)
    handed_over(world.kaja, world.kristin, world.ada)
    draft.refresh_from_db()
    assert (draft.reader, draft.state) == (world.kristin, StoryState.READING)
    handed_over(world.kristin, world.leif, world.ada)
    draft.refresh_from_db()
    assert (draft.reader, draft.state) == (None, StoryState.DRAFT)


def test_what_was_told_while_practising_is_forgotten(world: World, story: LearningStory) -> None:
    actions.ask_teller(story=story, by=world.greta, question="Hemmelig?")
    actions.try_story(story=story, by=world.hans, unit=world.nursing_home, helped="yes", words="Hemmelig")
    forget(world.municipality)
    story.refresh_from_db()
    assert (story.title, story.happened) == ("–", "")
    assert (StoryQuestion.objects.get().question, Adoption.objects.get().words) == ("–", "–")

"""Categories that ask something, made through the product's own verbs."""

from __future__ import annotations

from typing import Any

from deviations import question_actions
from deviations.models import Asked, Category, Question, QuestionSet
from tests.deviations import cases
from tests.people import World

FLOOR = [{"key": "wet", "nb": "Vått", "nn": "Vått", "en": "Wet"}, {"key": "dry", "nb": "Tørt", "nn": "", "en": "Dry"}]


def draft(world: World, category: Category) -> QuestionSet:
    return question_actions.begin_draft(category=category, by=world.ada)


def question(world: World, of: QuestionSet, label: str, kind: str = Asked.TEXT, **more: Any) -> Question:
    last = Question.objects.filter(set=of).order_by("position").last()
    after = more.pop("after", last.key if last else "")
    return question_actions.save_question(draft=of, by=world.ada, after=after, label=label, kind=kind, **more)


def falls(world: World) -> Category:
    """Fall: the floor (must be answered), when it was wet who had washed it, how high, and when the alarm was off."""
    category = cases.category(world, "Fall")
    of = draft(world, category)
    floor = question(world, of, "Hvordan var gulvet?", Asked.CHOICE, choices=FLOOR, required=True)
    question(world, of, "Hvorfor vått?", Asked.TEXT, required=True, shown_when=floor.key, shown_for=["wet"])
    question(world, of, "Hvor høyt?", Asked.NUMBER)
    question(world, of, "Når sist kontrollert?", Asked.DATE)
    question(world, of, "Hvor?", Asked.PLACE)
    question_actions.publish(draft=of, by=world.ada)
    return Category.objects.select_related("parent").get(pk=category.pk)


def name(label: str) -> str:
    """The question's field in a form, in the newest version that asks it."""
    return f"q_{Question.objects.filter(label=label).order_by('-set__number')[0].key}"

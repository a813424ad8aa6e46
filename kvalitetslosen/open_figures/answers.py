"""What can be asked, and the answer, as another program reads it: made of the same ``Answer`` as the page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from kvalitetslosen.figures.answer import Answer
from kvalitetslosen.figures.registry import Dimension, Kind, Measure, Subject, subjects_of
from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.organisation.models import User
from kvalitetslosen.organisation.standing import FIGURES
from kvalitetslosen.ui.charts import Row


def subjects_told(user: User) -> list[dict[str, Any]]:
    """What the person has figures of, with its definitions, in the active language."""
    figures_only = bool(user.standing.units(FIGURES))
    return [_subject(each, figures_only) for each in subjects_of(user)]


def _subject(subject: Subject, figures_only: bool) -> dict[str, Any]:
    return {
        "key": subject.key,
        "label": str(subject.label),
        "definition": str(subject.definition),
        "dimensions": [_dimension(each) for each in subject.dimensions if each.open_to_all or not figures_only],
        "measures": [_measure(each) for each in subject.measures if each.kind is not Kind.SHARE or not figures_only],
    }


def _dimension(dimension: Dimension) -> dict[str, Any]:
    return {
        "key": dimension.key,
        "label": str(dimension.label),
        "definition": str(dimension.definition),
        "values": list(dimension.ordered),
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "key": measure.key,
        "label": str(measure.label),
        "definition": str(measure.definition),
        "kind": measure.kind.value,
    }


def answer_told(answer: Answer) -> dict[str, Any]:
    question, figures = answer.question, answer.figures
    return {
        "title": figures.title,
        "sentence": figures.sentence,
        "head": list(figures.head),
        "rows": [_row(each) for each in figures.rows],
        "foot": _row(figures.foot) if figures.foot else None,
        "unit": {"unit_key": question.unit.pk, "name": question.unit.name},
        "period": {"first": question.first.isoformat(), "last": question.last.isoformat()},
        "definitions": {
            "subject": str(question.subject.definition),
            "measure": str(question.measure.definition),
            **{each.key: str(each.definition) for each in question.split},
        },
        "told": [str(each) for each in question.told],
        "page": absolute(f"{reverse('figures:explore')}?{question.address()}"),
        "counted_at": timezone.localtime().isoformat(timespec="seconds"),
    }


def _row(row: Row) -> dict[str, Any]:
    """A value of null isn't a number at all: the words say why it isn't told."""
    return {
        "name": row.name,
        "values": [each.value for each in row.cells],
        "words": [each.words for each in row.cells],
    }

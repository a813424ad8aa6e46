"""A question in words: what it counts and what it is narrowed to, for the page, its list and its files."""

from __future__ import annotations

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kvalitetslosen.figures import periods
from kvalitetslosen.figures.question import Question


def narrowed_to(question: Question) -> list[str]:
    """«Kategori: Fall», a line for each dimension the question is narrowed by."""
    said = []
    for dimension, values in question.filters:
        names = dimension.named(question, values)
        chosen = get_text_list([names[value] for value in values], pgettext("two choices", "or"))
        said.append(_("%(what)s: %(values)s") % {"what": dimension.label, "values": chosen})
    return said


def facts(question: Question) -> list[tuple[str, str]]:
    """What a file says of itself."""
    found = [
        (_("Figures"), str(question.subject.label)),
        (_("What is told"), str(question.measure.label)),
        (_("Unit"), question.unit.name),
        (_("Period"), periods.period_words(question.first, question.last)),
    ]
    found += [(_("Only"), line) for line in narrowed_to(question)]
    found += [(_("Definition"), str(question.subject.definition)), ("", str(question.measure.definition))]
    return found

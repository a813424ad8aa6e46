"""Figures a writer puts into a report besides its own: a question of the explorer, or a part of another report.

Kept is what is asked, never the answer: until the report is approved it is counted anew for whoever looks, by the same
rights as the other sections and without cases about a leader. See decision 50.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kvalitetslosen.figures import pictures
from kvalitetslosen.figures.answer import Answer
from kvalitetslosen.figures.question import Question
from kvalitetslosen.figures.registry import SUBJECT, Kind, subjects
from kvalitetslosen.figures.words import narrowed_to
from kvalitetslosen.reports.frozen import ALL_OR_NOTHING, NOTHING, Part, part_of
from kvalitetslosen.reports.registry import BARS, COLUMNS, LINES, SHADES, TABLE, Asked, Section, find
from kvalitetslosen.ui.charts import Figures

MOST = 12
"""So many figures are added to one report."""
FIRST = ""
"""The place before all sections."""
PREFIX = "tall-"


@dataclass(frozen=True)
class Added:
    """One of them. ``asked`` is the question as its address has it; ``section`` a part of another report."""

    name: str
    after: str  # the section it stands after
    asked: str = ""
    section: str = ""  # kind/section
    heading: str = ""  # the writer's own

    @classmethod
    def all_of(cls, rows: Iterable[Mapping[str, str]]) -> list[Self]:
        return [cls(**row) for row in rows]

    def kept(self) -> dict[str, str]:
        return {each: value for each in self.__dataclass_fields__ if (value := getattr(self, each)) or each == "after"}

    def other_section(self) -> tuple[str, Section] | None:
        """The part of another report it is, where there still is one."""
        kind_name, _slash, name = self.section.partition("/")
        kind = find(kind_name)
        section = kind.section(name) if kind else None
        return (kind_name, section) if section is not None and section.make is not None else None


# Places


def laid_out(sections: Sequence[Section], added: Sequence[Added]) -> list[Section | Added]:
    """The sections of the kind, and after each what was put there."""
    known = {section.name for section in sections}
    last = sections[-1].name if sections else FIRST
    found: list[Section | Added] = [each for each in added if each.after == FIRST]
    for section in sections:
        found.append(section)
        found += [
            each
            for each in added
            if each.after == section.name or (section.name == last and each.after not in known | {FIRST})
        ]
    return found


def put(added: Sequence[Added], one: Added, after: str) -> list[Added]:
    """All of them with the one right after a section or another of them."""
    others = [each for each in added if each.name != one.name]
    beside = next((place for place, each in enumerate(others) if each.name == after), None)
    if beside is None:
        return [replace(one, after=after), *others]
    return [*others[: beside + 1], replace(one, after=others[beside].after), *others[beside + 1 :]]


def next_name(added: Sequence[Added]) -> str:
    return f"{PREFIX}{max((int(each.name.removeprefix(PREFIX)) for each in added), default=0) + 1}"


# Counted


def asked_by(one: Added, asked: Asked) -> Question | None:
    """The question, as the person may ask it of the report's unit or one below it; nothing where they may not.

    Nor where what it counted is gone, or the unit has moved elsewhere: another answer under the same heading is worse
    than none.
    """
    query = QueryDict(one.asked)
    try:
        question = Question.asked(asked.user, query, for_all=asked.for_all)
    except (PermissionDenied, Http404):
        return None
    same = question.subject.key == query.get(SUBJECT) and question.unit.is_within(asked.unit)
    return question if same and not question.sight.protected else None


def made_of(one: Added, asked: Asked, text: str = "", *, of_some: bool = False) -> Part | None:
    """Its part of the report, or nothing where the person may not have these figures or they are gone.

    ``of_some``: the report they stand in counts only some kinds of cases.
    """
    part = (_of_section if one.section else _of_question)(one, asked, text, of_some)
    if part is None or part.figures is None:
        return None
    figures = replace(part.figures, key=one.name, title=one.heading or part.figures.title)
    return replace(part, name=one.name, title=figures.title, figures=figures, added=True)


def _of_section(one: Added, asked: Asked, text: str, of_some: bool) -> Part | None:
    found = one.other_section()
    if found is None:
        return None
    kind = find(found[0])
    if kind is None or not kind.reaches(asked.user, asked.unit) or kind.protects(asked.user, asked.unit):
        return None
    section = found[1]
    part = part_of(section, section.make(asked) if section.make else None, text)
    if section.told:
        return part
    apart = section.measured == "share" or section.in_words or kind.of_some or of_some
    return replace(part, others=NOTHING if apart else ALL_OR_NOTHING)


def _of_question(one: Added, asked: Asked, text: str, of_some: bool) -> Part | None:
    question = asked_by(one, asked)
    if question is None:
        return None
    answer = Answer.to(question)
    picture, figures, bar, line, across = drawn_as(answer)
    return Part(
        one.name,
        figures.title,
        replace(figures, note=_note(question), defined=f"{reverse('figures:definitions')}#{question.subject.key}"),
        text,
        _("What do these figures say?"),
        picture,
        bar,
        line,
        told=not question.of_people,
        others=_others(question, asked, of_some),
        across=across,
    )


def _note(question: Question) -> str:
    """What is counted besides unit and period, which the sentence says."""
    return " ".join(
        [*(f"{line}." for line in narrowed_to(question)), str(question.sight.told), *question.told]
    ).strip()


def _others(question: Question, asked: Asked, of_some: bool) -> str:
    """How much of it those read who haven't the cases behind it.

    A part of what the report counts, beside all of it, tells the rest: so only what is of the same unit and period and
    of all cases. A share of few tells how many, and so does a rate.
    """
    if not question.of_people:
        return ""
    same = question.unit.pk == asked.unit.pk and (question.first, question.last) == (
        asked.period.first,
        asked.period.ends,
    )
    plain = not question.filters and not question.rate and question.measure.kind is not Kind.SHARE
    whole = same and plain and not of_some
    return ALL_OR_NOTHING if whole else NOTHING


def others_read(part: Part) -> str:
    """What those read who haven't the cases behind it, where that is less than everything."""
    if part.others == NOTHING:
        return _("Whoever it is shared with and hasn’t the cases reads your words here and not the numbers.")
    if part.others:
        return _(
            "Whoever it is shared with and hasn’t the cases reads these numbers only where no small number has to be "
            "left out of the report."
        )
    return ""


def drawn_as(answer: Answer) -> tuple[str, Figures, int, int | None, int]:
    """As it was drawn in the explorer: the picture, the figures, which number is drawn, a line, how many series."""
    question, (figures, whole) = answer.question, answer.drawn
    chosen = pictures.picture_of(answer).key
    times_down = bool(answer.rows) and answer.rows[0].stretch is not None and bool(question.by)
    together, compared = len(answer.columns), question.compared and not answer.draws_rates
    if chosen == "pareto":
        return BARS, pictures.largest_first(answer), 0, None, 0
    if chosen == "varme" and together:
        return SHADES, figures, 0, None, together
    if times_down and chosen != "stolpe" and (together or not answer.draws_rates):
        return LINES, figures, 0, None, together or 1 + int(compared)
    if times_down:
        return COLUMNS, figures, whole, whole + 1 if compared else None, 0
    return (BARS if len(figures.rows) > 1 else TABLE), figures, whole, None, 0


def reads_as_approved(one: Added, asked: Asked) -> bool:
    """Whether the person, whose other figures are those of whoever approved it, has these in full as well."""
    if one.section:
        found = one.other_section()
        kind = find(found[0]) if found else None
        return kind is not None and kind.reaches(asked.user, asked.unit) and not kind.protects(asked.user, asked.unit)
    key = QueryDict(one.asked).get(SUBJECT)
    subject = next((each for each in subjects() if each.key == key), None)
    if subject is None:
        return True  # it isn't counted any more; they read what was approved
    sight = subject.sight(asked.user, asked.unit, asked.for_all)
    return sight is not None and sight.listed and not (sight.protected or sight.told or subject.own)


def as_kept(added: Iterable[Added]) -> list[dict[str, Any]]:
    return [each.kept() for each in added]

"""What holds for every figure, in words: time, places, and what happens to a case on its way. See decision 40.

Each rule has tests in ``tests/figures``. Modules add the definitions of pages of their own: ``register_section``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.figures.registry import subjects

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from kvalitetslosen.organisation.models import User


@dataclass(frozen=True)
class Rule:
    key: str  # its place on the page
    title: _StrOrPromise
    words: _StrOrPromise


RULES = (
    Rule(
        "klokka",
        _("The clock is Norway’s"),
        _(
            "Days, weeks, months and hours are those of Norway, summer time in summer. What is reported just after "
            "midnight belongs to the new day. The hour that comes twice in autumn counts as one, and the day has 25 "
            "hours; in spring it has 23."
        ),
    ),
    Rule(
        "uker",
        _("Weeks"),
        _(
            "A week is Monday to Sunday and belongs to the year its Thursday lies in. Some years have a week 53. "
            "Compared with the year before, a week is compared with the week of the same number; week 53 with "
            "none where "
            "the year before had 52."
        ),
    ),
    Rule(
        "ifjor",
        _("The year before"),
        _(
            "The same days a year earlier. Whole months are compared with whole months, February with February "
            "however "
            "long it is. 29 February by itself is compared with no day."
        ),
    ),
    Rule(
        "enheter",
        _("Units that are moved or merged"),
        _(
            "Figures follow the organisation as it is today. What belongs to a unit goes along when it is moved, "
            "that of "
            "earlier years too. A closed unit keeps what it had, and counts in the units above it."
        ),
    ),
    Rule(
        "videresendt",
        _("Cases forwarded to another unit"),
        _("A case counts in the unit that handles it now, from the moment it was reported, and only there."),
    ),
    Rule(
        "gjenapnet",
        _("Cases opened again"),
        _(
            "It is open until it is closed anew, and counts as no other case. First receipt and first answer "
            "stay what "
            "they were; the time to closing and outcome is reckoned to the latest closing."
        ),
    ),
    Rule(
        "slatt-sammen",
        _("Cases merged into another"),
        _(
            "Reported twice, a case is counted as often as it was reported, with the status merged. What another "
            "system "
            "sent and that was merged into a case here is counted once, as that case."
        ),
    ),
    Rule(
        "rettigheter",
        _("Each counts what they may see"),
        _(
            "A number is that of the list it leads to, as the person who asks sees that list. Two people with "
            "different "
            "rights may read different numbers of the same unit. The page says so where only some kinds are counted."
        ),
    ),
    Rule(
        "median",
        _("Median"),
        _(
            "Half lie at it or below. It is reckoned from every single number, also where several units are put "
            "together."
        ),
    ),
    Rule(
        "rater",
        _("Rates"),
        _(
            "The number divided by what it could have happened to: people at work in the unit in the middle of each "
            "period, or the bed days, visits, pupils or users that leaders have written down. Where some of it is "
            "lacking, there is no rate."
        ),
    ),
)

SMALL_NUMBERS = Rule(
    "sma-tall",
    _("Small numbers"),
    _(
        "Whoever has figures and no cases reads no number of one to four, nor any that would give it away by "
        "subtraction; one calendar year at a time, by month or split one way. Cases about a leader don’t count "
        "for them. "
        "Medians of fewer than five aren’t told where others read along."
    ),
)


@dataclass(frozen=True)
class Section:
    """A part of a page of figures, and what it means. ``key`` is where other pages point to."""

    key: str
    title: _StrOrPromise
    words: _StrOrPromise
    page: _StrOrPromise
    visible: Callable[[User], bool]


_sections: dict[str, Section] = {}


def register_section(section: Section) -> None:
    _sections[section.key] = section


ANCHOR = "#rapport-"


def defined(key: str) -> str:
    """The address of the definition of a part; nothing where there is none."""
    return f"{reverse('figures:definitions')}{ANCHOR}{key}" if key in _sections else ""


def definition(anchor: str) -> str:
    """What stands at a place of the page of definitions, in the active language: of a part, or of a subject."""
    found = _sections.get(anchor.removeprefix(ANCHOR[1:]))
    if found is not None:
        return str(found.words)
    return next((str(each.definition) for each in subjects() if each.key == anchor), "")


def sections_of(user: User) -> list[Section]:
    return [each for each in _sections.values() if each.visible(user)]

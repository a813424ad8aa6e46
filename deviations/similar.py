"""What is like a case: other cases the reader sees, and the procedures that are about the same."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from deviations.lifecycle import State
from deviations.models import Category, Deviation, DeviationQuerySet
from deviations.models.deviation import own_reports
from documents.search import LOOKED_FOR, About, about
from kvalitetslosen.organisation.models import User

LOOKED_AT = 60  # of the newest cases of the unit, and of the category
SHOWN = 5
WORD = re.compile(r"[a-zæøå]{5,}")
GENERAL = frozenset(
    """
    bruker brukar beboer bebuar ansatt tilsett pasient pårørende pårørande person avdeling enhet eining tjeneste
    teneste skjedde hendte oppdaget oppdaga funnet funne etter fordi dette disse desse hadde ville skulle kunne andre
    under mellom ingen noen nokon første siste samme kveld morgen natta dagen timer timar vakta
    """.split()  # noqa: SIM905 - read as words
)
"""Words that say nothing of what a text is about; compared by how they begin."""
STEM = 6


def stems(text: str) -> set[str]:
    """What the longer words of a text begin with, so that «legemidler» and «legemiddelet» are the same."""
    return {word[:STEM] for word in WORD.findall(text.casefold())} - {word[:STEM] for word in GENERAL}


def telling_words(category: Category | None, text: str) -> list[str]:
    """The words to look for procedures with: those of the category first, then the longest of the text."""
    label = f"{category.parent.name if category.parent else ''} {category.name}" if category else ""
    dull = {word[:STEM] for word in GENERAL}
    found: dict[str, str] = {}
    by_length = sorted(WORD.findall(text.casefold()), key=lambda word: -len(word))
    for word in [*WORD.findall(label.casefold()), *by_length]:
        if word[:STEM] not in dull:
            found.setdefault(word[:STEM], word)
    return list(found.values())[:LOOKED_FOR]


def procedures(user: User, category: Category | None, text: str) -> list[About]:
    """The procedures in force that the person may read and that are about this."""
    return about(user, telling_words(category, text))


@dataclass(frozen=True)
class Alike:
    case: Deviation
    same_category: bool
    same_unit: bool
    words: frozenset[str] = field(default_factory=frozenset)

    @property
    def likeness(self) -> int:
        return 3 * self.same_category + self.same_unit + 2 * min(len(self.words), 4)


def cases_like(user: User, deviation: Deviation) -> list[Alike]:
    """The cases most like this one among the newest of the unit and of the category that the person sees.

    Never their own reports: of those they read what their own page tells. Two questions, however many cases there are.
    """

    def newest(rows: DeviationQuerySet) -> list[Deviation]:
        rows = rows.exclude(pk=deviation.pk).exclude(state=State.MERGED).exclude(own_reports(user))
        fields = "reference", "kind", "text", "outcome", "state", "reported_at", "closed_at", "handling_unit"
        return list(
            rows.select_related("category__parent", "unit")
            .only(*fields, "category__name", "category__name_nn", "category__name_en", "category__parent__name",
                  "category__parent__name_nn", "category__parent__name_en", "unit__name")
            .order_by("-reported_at", "-pk")[:LOOKED_AT]
        )  # fmt: skip

    sight = Deviation.objects.visible_to(user)
    found = newest(Deviation.objects.visible_to(user, within=deviation.handling_unit))
    if deviation.category_id:
        found += newest(sight.filter(level_0=deviation.level_0, category=deviation.category_id))
    sought = stems(f"{deviation.text} {deviation.suggestion}")
    alike = {
        row.pk: Alike(
            row,
            deviation.category_id is not None and row.category_id == deviation.category_id,
            row.handling_unit_id == deviation.handling_unit_id,
            frozenset(sought & stems(row.text)),
        )
        for row in found
    }
    near = [each for each in alike.values() if each.same_category or len(each.words) > 1]
    near.sort(key=lambda each: (-each.likeness, -each.case.reported_at.timestamp(), each.case.pk))
    return near[:SHOWN]

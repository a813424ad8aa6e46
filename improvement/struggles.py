"""In which order stories stand for one reader: first what their own unit struggles with."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deviations.models import Category, Deviation
from improvement.models import LearningStoryQuerySet
from kvalitetslosen.organisation.models import Role, Unit, User

RECENT = datetime.timedelta(days=365)
MOST = 3  # categories that count as what a unit struggles with
LATEST = 500  # cases looked at, the newest


@dataclass(frozen=True)
class Subject:
    """A main category: what it is called here, and how stories of any municipality are known to be about it."""

    pk: int
    base: str
    label: str
    n: int = 0

    @property
    def where(self) -> Q:
        here = Q(category=self.pk) | Q(category__parent=self.pk)
        return here | Q(base=self.base) if self.base else here


def subjects_of(rows: list[Category]) -> list[Subject]:
    """The main categories of a municipality, as stories are filtered by."""
    return [Subject(row.pk, row.base, row.label) for row in rows if row.parent_id is None]


def _inside(label: str) -> str:
    """The name inside a sentence: with a small letter, but for what is an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


@dataclass(frozen=True)
class Struggles:
    """What the person's unit has had most cases of in a year, of those they may see; nothing where that is none."""

    unit: Unit | None
    most: tuple[Subject, ...]
    has_figures: bool = False  # sees the unit's cases, not their own alone

    @classmethod
    def of(cls, user: User, subjects: list[Subject], mains: dict[int, int]) -> Struggles:
        """One query. ``mains``: each category's main one."""
        unit = user.standing.home
        if unit is None or unit.municipality_id != user.municipality_id:
            return cls(None, ())
        since = timezone.now() - RECENT
        rows = Deviation.objects.visible_to(user, within=unit).filter(reported_at__gte=since, category__isnull=False)
        newest = rows.order_by("-reported_at").values("pk")[:LATEST]
        found = Deviation.objects.filter(pk__in=newest).order_by().values_list("category").annotate(n=Count("pk"))
        counted: Counter[int] = Counter()
        for category, n in found:
            counted[mains.get(category or 0, 0)] += n
        known = {each.pk: each for each in subjects}
        ranked = sorted((pk for pk in counted if pk in known), key=lambda pk: (-counted[pk], pk))[:MOST]
        most = tuple(Subject(pk, known[pk].base, known[pk].label, counted[pk]) for pk in ranked)
        oversees = any(user.standing.reaches(role, unit) for role in (Role.LEADER, Role.QUALITY_CONTACT))
        return cls(unit, most, oversees and not user.standing.narrowed)

    @property
    def why(self) -> str:
        """Why these come first, in a sentence."""
        if self.unit is None or not self.most:
            return ""
        first, *rest = self.most
        words = {"unit": self.unit.name, "n": first.n, "what": _inside(first.label)}
        if self.has_figures:
            said = ngettext(
                "%(unit)s has had %(n)d case about %(what)s in a year, so stories about that come first.",
                "%(unit)s has had %(n)d cases about %(what)s in a year, so stories about that come first.",
                first.n,
            )
        else:
            # Counted are those one sees, for an employee one's own: that is no figure of the unit.
            said = _("Of the cases you see from %(unit)s, most are about %(what)s: stories about that come first.")
        said %= words
        if not rest:
            return said
        others = ", ".join(_inside(each.label) for each in rest)
        return f"{said} " + _("Then: %(what)s.") % {"what": others}

    def ordered(self, rows: LearningStoryQuerySet) -> LearningStoryQuerySet:
        """What the unit struggles with first, then what a unit like it tells, the newest first in each."""
        whens = [When(each.where, then=Value(place)) for place, each in enumerate(self.most)]
        if self.unit is not None:
            alike = Q(unit__kind=self.unit.kind, hides_unit=False)
            whens.append(When(alike, then=Value(MOST)))
        if not whens:
            return rows.order_by("-published_at", "-pk")
        rank = Case(*whens, default=Value(MOST + 1), output_field=IntegerField())
        return rows.annotate(rank=rank).order_by("rank", "-published_at", "-pk")

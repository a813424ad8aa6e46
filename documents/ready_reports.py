"""The handbook in ready reports: the same lists as on the page of what somebody should do something with, counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from documents import keeping
from documents.models import Document, DocumentQuerySet, ReadRequirement
from kvalitetslosen.figures.rules import Section as Definition
from kvalitetslosen.figures.rules import defined
from kvalitetslosen.figures.rules import register_section as register_definition
from kvalitetslosen.months import month_text
from kvalitetslosen.organisation.models import LEVELS, Role, Unit, User
from kvalitetslosen.reports.periods import Rhythm
from kvalitetslosen.reports.registry import BARS, Asked, Kind, Section, register_kind, register_section
from kvalitetslosen.ui.charts import Cell, Figures, Row, number

HANDBOOK = "handboka"
IN_OTHERS = ("enhetens-ar", "kommunestyret")
"""Reports of other modules that the handbook has a place in."""

Lists = tuple[tuple[str, Any, Callable[[DocumentQuerySet], DocumentQuerySet]], ...]
FAULTS: Lists = (
    ("revisjon", gettext_lazy("Past their review"), keeping.past_review_of),
    ("ulest", gettext_lazy("Nobody has read it"), keeping.unread_of),
    ("ikke-bedt", gettext_lazy("To be read, and nobody is asked"), keeping.unasked_of),
    ("uapnet", gettext_lazy("Nobody has opened it"), keeping.unopened_of),
    ("ikke-funnet", gettext_lazy("Nobody finds it by searching"), keeping.unfound_of),
)

register_kind(
    Kind(
        HANDBOOK,
        gettext_lazy("The state of the handbook"),
        gettext_lazy("Late reviews, procedures nobody reads, and those nobody finds."),
        order=70,
        rhythm=Rhythm.QUARTER,
        roles=(Role.LEADER, Role.QUALITY_CONTACT),
        readers=(Role.LEADER,),
    )
)


def has_handbook(user: User) -> bool:
    return user.standing.has(Role.LEADER, Role.QUALITY_CONTACT)


for _key, _title, _words in (
    ("handboka", gettext_lazy("The state of the handbook"), gettext_lazy(
        "What is in force now and owned by the unit or one below it, each document once, whatever the period. A "
        "document may stand in several lines: past its review, asked to be read and read by nobody, opened by nobody, "
        "found by nobody who searched. The lists are those of the page of what somebody should do something with."
    )),
    ("handboka-enheter", gettext_lazy("The handbook, unit by unit"), gettext_lazy(
        "The same by the unit right below that owns the document."
    )),
):  # fmt: skip
    register_definition(Definition(_key, _title, _words, gettext_lazy("Ready reports"), has_handbook))


def in_force(unit: Unit) -> DocumentQuerySet:
    """What applies and belongs to the unit or one below it: those who lead it answer for all of that."""
    rows = Document.objects.filter(level_0=unit.municipality_id).in_subtree(unit)
    return rows.in_force()


SINCE = "2000-01"
"""Before any document came into force."""


def listed(unit: Unit, more: str = "") -> str:
    """The list of what is in force of the unit and those below."""
    until = month_text(timezone.localdate())
    asked = f"om=dokumenter&enhet={unit.pk}&fra={SINCE}&til={until}&per=alt&del=ingen&status=in_force{more}"
    return f"{reverse('figures:list')}?{asked}"


PAST_REVIEW = "&gjennomgang=over"


def state(asked: Asked) -> Figures:
    """How many of what applies now have which fault."""
    rows = in_force(asked.unit)
    total, page = rows.count(), reverse("documents:keeping")
    counts = {key: find(rows).count() for key, _label, find in FAULTS}
    past = counts["revisjon"]
    required = ReadRequirement.objects.open().filter(document__in=rows.order_by().values("pk"))
    asked_of = required.aggregate(n=Count("document", distinct=True))["n"]
    sentence = ngettext(
        "%(total)s procedure or other document is in force, and %(past)s of them past its review.",
        "%(total)s procedures and other documents are in force, and %(past)s of them past their review.",
        total,
    ) % {"total": number(total), "past": number(past)}
    return Figures(
        key="handboka",
        defined=defined("handboka"),
        title=_("The state of the handbook"),
        sentence=sentence if total else _("The unit has no procedures of its own in force."),
        head=[_("What"), _("Documents")],
        rows=[
            Row(_("In force"), [Cell(total, listed(asked.unit))]),
            Row(_("People are asked to confirm that they have read it"), [Cell(asked_of)]),
            *(
                Row(
                    str(label),
                    [Cell(counts[key], listed(asked.unit, PAST_REVIEW) if key == "revisjon" else f"{page}#{key}")],
                )
                for key, label, _find in FAULTS
            ),
        ],
        note=_("As it is now, whatever period the report is of. Only what the unit and those below own is counted."),
    )


def by_unit(asked: Asked) -> Figures | None:
    """Where it lies: the units right below, and the unit itself."""
    unit = asked.unit
    if unit.depth + 1 >= len(LEVELS):
        return None
    level, rows = LEVELS[unit.depth + 1], in_force(unit)
    wanted = (rows, keeping.past_review_of(rows), keeping.unread_of(rows))
    counted = [dict(each.order_by().values_list(level).annotate(n=Count("pk"))) for each in wanted]
    below = Unit.objects.filter(parent=unit, pk__in=[pk for pk in counted[0] if pk]).order_by("name", "pk")
    places: list[tuple[Unit | None, str]] = [(each, each.name) for each in below]
    if not places:
        return None
    if counted[0].get(None):
        places.append((None, _("%(unit)s itself") % {"unit": unit.name}))
    return Figures(
        key="handboka-enheter",
        defined=defined("handboka-enheter"),
        title=_("The handbook, unit by unit"),
        sentence="",
        head=[_("Unit"), _("In force"), _("Past their review"), _("Nobody has read it")],
        rows=[
            Row(
                name,
                [
                    Cell(
                        each.get(place.pk if place else None, 0),
                        listed(place, more) if place and more is not None else "",
                    )
                    for each, more in zip(counted, ("", PAST_REVIEW, None), strict=True)
                ],
            )
            for place, name in places
        ],
    )


register_section(
    HANDBOOK,
    Section("sammendrag", 1, title=gettext_lazy("In short")),
    # Documents tell of nobody: small numbers of them needn't be hidden.
    Section("tilstand", 10, state, picture=BARS, told=True, prompt=gettext_lazy("Who looks over what is late?")),
    Section("enheter", 20, by_unit, told=True),
    Section("videre", 95, title=gettext_lazy("What we do next")),
)
for name in IN_OTHERS:
    register_section(name, Section("handboka", 60, state, picture=BARS, told=True))
# In the management review right below what it says of procedures.
register_section("gjennomgang", Section("handboka", 56, state, picture=BARS, told=True))

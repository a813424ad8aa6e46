"""Documents and readings as figures. See ``kvalitetslosen.figures``: what a person may see, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.lifecycle import ONCE_IN_FORCE, State
from documents.models import Document, DocumentType, Reach, ReadReceipt, ReadRequirement, Version
from documents.readers import AT_WORK
from kvalitetslosen.figures.question import Question
from kvalitetslosen.figures.registry import (
    Dimension,
    Kind,
    Line,
    Measure,
    Ready,
    Sight,
    Subject,
    choice_dimension,
    held,
    register_ready,
    register_subject,
    unit_dimension,
)
from kvalitetslosen.organisation.models import LEVELS, Membership, Role, Unit, User
from kvalitetslosen.ui import dates

ANSWERING = (Role.LEADER, Role.QUALITY_CONTACT)


def type_names(question: Question, _values: Collection[str]) -> dict[str, str]:
    rows = DocumentType.objects.filter(municipality=question.user.municipality_id).order_by("pk")
    return {str(row.pk): row.label for row in rows}


def titles(question: Question, values: Collection[str]) -> dict[str, str]:
    """Titles of those the person may open; of the others only that there is one."""
    known = [int(value) for value in values if value.isdecimal()]
    rows = Document.objects.visible_to(question.user).filter(pk__in=known).order_by("pk").values_list("pk", "title")
    return {value: str(_("A document you can’t open")) for value in values} | {str(pk): title for pk, title in rows}


# Documents


def sight(user: User, unit: Unit, for_all: bool) -> Sight | None:
    if not any(user.standing.reaches(role, unit) for role in ANSWERING):
        return None

    def rows() -> QuerySet[Version]:
        here = {f"document__{LEVELS[unit.depth]}": unit.pk}
        return Version.objects.visible_to(user).once_in_force().filter(**here)

    return Sight(rows, shared=for_all)


def _review(_question: Question) -> Combinable:
    return Case(
        When(state=State.IN_FORCE, document__review_on__lt=timezone.localdate(), then=Value("over")),
        When(state=State.IN_FORCE, then=Value("i-rute")),
        default=Value(""),
        output_field=CharField(),
    )


register_subject(
    Subject(
        key="dokumenter",
        of_people=False,
        label=_("Documents"),
        counts=_("Versions"),
        definition=_(
            "Versions of documents by the moment they came into force, in the unit that owns the document. One "
            "document "
            "may have several. Choose the status “In force” to count each document once."
        ),
        order=40,
        starts=held(*ANSWERING),
        sight=sight,
        moment="in_force_from",
        lines=lambda rows: rows.select_related("document__unit").defer("body", "text"),
        line=lambda row: Line(
            f"{row.document.number} · {row}",
            row.get_absolute_url(),
            f"{row.document.unit.name} · {row.get_state_display()}",
        ),
        dimensions=(
            Dimension(
                "type",
                _("Type"),
                _("What kind of document it is."),
                lambda _question: F("document__type_id"),
                type_names,
                number=True,
            ),
            choice_dimension(
                "status",
                _("Status"),
                _("Whether the version is in force now, or what came of it."),
                "state",
                [(each.value, each.label) for each in ONCE_IN_FORCE],
            ),
            choice_dimension(
                "gjennomgang",
                _("Review"),
                _("Of those in force: whether the day of the review is past."),
                _review,
                [("over", _("Late")), ("i-rute", _("On time"))],
                missing=_("Not in force"),
            ),
            choice_dimension(
                "gjelder", _("Applies to"), _("How far the document reaches."), "document__reach", Reach.choices
            ),
            unit_dimension(
                _("The unit right below the one asked for that owns the document now, with all below it."),
                "document__",
            ),
        ),
        measures=(Measure("antall", _("Number of versions"), _("Each version that has been in force, once.")),),
    )
)


# Readings


def reading_sight(user: User, unit: Unit, for_all: bool) -> Sight | None:
    if not user.standing.reaches(Role.LEADER, unit):
        return None

    def rows() -> QuerySet[ReadReceipt]:
        return ReadReceipt.objects.visible_to(user).filter(Exists(_at_work(unit)))

    return Sight(rows, shared=for_all)


def _at_work(unit: Unit) -> QuerySet[Membership]:
    """Where the person who read works in the unit today."""
    here = {f"unit__{LEVELS[unit.depth]}": unit.pk}
    return Membership.objects.on(timezone.localdate()).filter(user=OuterRef("user"), role__in=AT_WORK, **here)


def _unit_of_reader(question: Question) -> Combinable:
    depth = question.unit.depth + 1
    if depth >= len(LEVELS):
        return Value(None, IntegerField())
    return Subquery(_at_work(question.unit).order_by("unit__depth", "pk").values(f"unit__{LEVELS[depth]}")[:1])


def _in_time(_question: Question) -> Combinable:
    """Whether it was confirmed by the day: known of the version that is asked for now."""
    asked = ReadRequirement.objects.filter(document=OuterRef("document"), version__major=OuterRef("major"))
    due = Subquery(asked.order_by("due_on", "pk").values("due_on")[:1], output_field=DateField())
    return Case(
        When(~Exists(asked), then=Value(None)),
        When(LessThanOrEqual(TruncDate("at"), due), then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )


UNDER = unit_dimension(
    _(
        "The unit right below the one asked for where the reader works today. Somebody with several places "
        "counts in the "
        "topmost."
    )
)


def _openable(user: User, rows: Sequence[Any]) -> None:
    """Which of the documents the reader may open: who works elsewhere too reads what isn't for the leader here."""
    known = Document.objects.visible_to(user).filter(pk__in={row.document_id for row in rows})
    opened = set(known.values_list("pk", flat=True))
    for row in rows:
        row.may_be_opened = row.document_id in opened


def _reading_line(row: Any) -> Line:
    if not row.may_be_opened:
        unseen = _("A document you can’t open")
        return Line(f"{row.user.name} · {unseen}", "", dates.short(row.at))
    return Line(f"{row.user.name} · {row.document.title}", row.document.get_absolute_url(), dates.short(row.at))


def _reading_rows(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("user", "document")


register_subject(
    Subject(
        key="lesing",
        label=_("Readings"),
        counts=_("Readings"),
        definition=_(
            "Confirmed readings by the moment of the confirmation, of those who work in the unit today. Whoever "
            "has left "
            "isn’t counted, and who is asked and hasn’t read yet stands on the page of readings."
        ),
        order=50,
        starts=held(Role.LEADER),
        sight=reading_sight,
        moment="at",
        lines=_reading_rows,
        line=_reading_line,
        fetched=_openable,
        dimensions=(
            Dimension(
                "type",
                _("Type"),
                _("What kind of document was read."),
                lambda _question: F("document__type_id"),
                type_names,
                number=True,
            ),
            Dimension(
                "dokument",
                _("Document"),
                _("The document that was read."),
                lambda _question: F("document_id"),
                titles,
                number=True,
                choices=False,
            ),
            Dimension(UNDER.key, UNDER.label, UNDER.definition, _unit_of_reader, UNDER.names, number=True),
        ),
        measures=(
            Measure("antall", _("Number of readings"), _("Once for each person and version.")),
            Measure(
                "innen",
                _("Confirmed in time"),
                _(
                    "The share confirmed by the day it was asked for, of the versions that are asked for now. "
                    "For whoever "
                    "began later the day is reckoned as for the others."
                ),
                Kind.SHARE,
                _in_time,
            ),
        ),
    )
)

register_ready(
    "dokumenter",
    Ready(
        _("Which documents are late for review?"),
        lambda _user: "om=dokumenter&per=alt&fra=1990-01&del=under&del=gjennomgang&status=in_force",
    ),
    order=90,
)

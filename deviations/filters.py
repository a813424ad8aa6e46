"""Which cases a list shows. The question is in the address, so that it can be sent, kept, counted and exported."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from deviations import columns
from deviations.lifecycle import OPEN, State
from deviations.models import WRITTEN, Answer, Category, Deviation, DeviationQuerySet, Kind, Severity
from deviations.reports import OURS, THEIRS, narrowed, registered
from kvalitetslosen.database.prepared import Prepared
from kvalitetslosen.months import months_after
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.workdays import midnight

AREA, IN_HAND, MINE = "omrade", "hos-meg", "mine"
OVERSEEING = (Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP, Role.DPO)
STATUSES = [
    ("", _("Open")),
    ("sent", _("Late")),
    ("alle", _("All")),
    *((state.value, state.label) for state in State),
]
ORDERS = [("", _("Newest first")), ("eldst", _("Oldest first")), ("frist", _("By deadline"))]
NOT_SET = "-"
REFERENCE = re.compile(r"[A-ZÆØÅ]{2,8}-\d{4}-\d{1,8}")
MOST_WORDS, LOOKED_THROUGH = 6, 5000
"""How many words count in a search, and how many of the newest cases it looks through: see docs/decisions/0006."""
WITH_SUB = "med-"  # before a main category: with those under it


def oversees(user: User) -> bool:
    """Whether the person sees cases besides those they reported or have in hand."""
    return user.standing.has(*OVERSEEING)


UNIT = Prepared(
    lambda pk, municipality: Unit.objects.visible_to(User(municipality_id=municipality)).filter(pk=pk),
    pk=int,
    municipality=int,
)


@dataclass(frozen=True)
class CaseFilter:
    user: User
    view: str
    unit: Unit | None = None
    status: str = ""
    kind: str = ""
    category: str = ""
    severity: str = ""
    procedure: int | None = None
    text: str = ""
    where: str = ""  # it was registered: here, elsewhere, or in which other system
    columns: tuple[str, ...] = ()  # shown as a table of these; without any as lines
    order: str = ""
    first_month: datetime.date | None = None
    last_month: datetime.date | None = None
    query: QueryDict = field(default_factory=QueryDict)

    @classmethod
    def of(cls, user: User, query: QueryDict) -> CaseFilter:
        """The question asked in the address. What makes no sense there is left out."""

        def one_of(name: str, allowed: Any) -> str:
            value = query.get(name, "")
            return value if value in allowed else ""

        view = one_of("visning", (AREA, IN_HAND, MINE)) or (AREA if oversees(user) else MINE)
        number = query.get("enhet", "")
        unit = None
        if number.isdecimal() and len(number) < 18:
            unit = next(iter(UNIT(pk=int(number), municipality=user.municipality_id)), None)
        elif view == AREA:
            unit = own_area(user)
        category = query.get("kategori", "")
        procedure = query.get("prosedyre", "")
        text = query.get("q", "").strip()[:200]
        return cls(
            user=user,
            view=view,
            unit=unit,
            # Of one's own one looks for the answers too, and a search is for whatever there is.
            status=one_of("status", [value for value, _label in STATUSES])
            if "status" in query or (view != MINE and not text)
            else "alle",
            text=text,
            where=where if (where := query.get("kilde", "")) in (OURS, THEIRS) or _is_number(where) else "",
            columns=columns.chosen(query.getlist("kolonne")),
            order=one_of("rekkefolge", [value for value, _label in ORDERS]),
            kind=one_of("type", Kind.values),
            category=category if category == NOT_SET or _is_number(category.removeprefix(WITH_SUB)) else "",
            severity=one_of("alvor", [*Severity.values, NOT_SET]),
            procedure=int(procedure) if _is_number(procedure) else None,
            first_month=month(query.get("fra", "")),
            last_month=month(query.get("til", "")),
            query=query,
        )

    def rows(self) -> DeviationQuerySet:
        """The cases that answer the question, as far as the person may see them."""
        rows = registered(Deviation.objects.visible_to(self.user, within=self.unit).once(), self.where)
        if self.view == IN_HAND:
            rows = rows.filter(handler=self.user)
        elif self.view == MINE:
            rows = rows.reported_by(self.user)
        if self.status in ("", "sent"):
            rows = rows.open()
            if self.status:
                rows = rows.overdue()
        elif self.status != "alle":
            rows = rows.filter(state=self.status)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.category.startswith(WITH_SUB):
            main = int(self.category.removeprefix(WITH_SUB))
            rows = rows.filter(category__in=[main, *Category.objects.filter(parent=main).values_list("pk", flat=True)])
        elif self.category:
            rows = rows.filter(category=None if self.category == NOT_SET else int(self.category))
        if self.severity:
            rows = rows.filter(severity="" if self.severity == NOT_SET else self.severity)
        if self.procedure is not None:
            rows = rows.filter(breached_document=self.procedure)
        if self.first_month:
            rows = rows.filter(reported_at__gte=midnight(self.first_month))
        if self.last_month:
            rows = rows.filter(reported_at__lt=midnight(months_after(self.last_month, 1)))
        rows = narrowed(rows, self.query, self.unit)
        return telling_of(rows, self.text) if self.text else rows

    @property
    def in_order(self) -> tuple[str, bool]:
        """The moment the list is sorted by, and whether the oldest comes first.

        By deadline only where all are open: of those there are few, and of the others it says nothing any more.
        """
        if self.order == "frist" and self.status in ("", "sent", *OPEN):
            return "deadline", True
        return "reported_at", self.order == "eldst"

    @property
    def order_by(self) -> tuple[str, str]:
        field, rising = self.in_order
        return (field, "pk") if rising else (f"-{field}", "-pk")

    @property
    def reference(self) -> str:
        """The one case asked for, where what is searched for is its number."""
        text = self.text.upper()
        return text if REFERENCE.fullmatch(text) else ""


THE_BEGINNING = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def telling_of(rows: DeviationQuerySet, text: str) -> DeviationQuerySet:
    """The newest of the rows in which the reporter, or the answers about the category, used all the words.

    What else others wrote is not looked through.
    """
    # A moment, not a list of rows: the database would look through all before it compares them with a list.
    last = rows.order_by("-reported_at", "-pk").values("reported_at")[LOOKED_THROUGH - 1 : LOOKED_THROUGH]
    found = rows.filter(reported_at__gte=Coalesce(Subquery(last), Value(THE_BEGINNING)))
    written = Answer.objects.filter(deviation=OuterRef("pk"), question__kind__in=WRITTEN)
    for word in text.split()[:MOST_WORDS]:
        found = found.filter(
            Q(text__icontains=word)
            | Q(done_at_once__icontains=word)
            | Q(suggestion__icontains=word)
            | Q(reference__iexact=word)
            | Q(Exists(written.filter(value__icontains=word)))
        )
    return found


def _is_number(text: str) -> bool:
    """Whether it can be the key of a row."""
    return text.isdecimal() and len(text) < 18


def own_area(user: User) -> Unit | None:
    """The one unit the person leads or follows, where it is one; it lets the database use one index."""
    for role in OVERSEEING:
        units = user.standing.units(role)
        if units:
            return units[0] if len(units) == 1 else None
    return None


def overseen_units(user: User) -> list[Unit]:
    """Every unit the person leads or follows, without those inside another of them."""
    found = {unit.pk: unit for role in OVERSEEING for unit in user.standing.units(role)}
    return [unit for unit in found.values() if not set(unit.ancestor_ids) - {unit.pk} & set(found)]


def month(text: str) -> datetime.date | None:
    """As ``2026-11``. Nothing for what is no month, or so far off that the hours of Norway can't be counted there."""
    try:
        first = datetime.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        return None
    return first if 1900 < first.year < 2200 else None

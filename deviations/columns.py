"""The columns a list of cases can be shown in. The address carries them, so a link and the file have the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from deviations.models import Deviation, Harm, Kind, Severity, Source
from kvalitetslosen.ui import dates

if TYPE_CHECKING:
    import datetime

    from django.utils.functional import _StrPromise


class ListColumn(NamedTuple):
    key: str  # as in the address, and as ``exports`` has it
    label: _StrPromise
    said: Callable[[Deviation], str]
    needs: tuple[str, ...] = ()  # fields a line of a list doesn't fetch anyhow


def _day(moment: datetime.datetime | None) -> str:
    return dates.short(moment) if moment else ""


def _severity(row: Deviation) -> str:
    if not row.severity:
        return ""
    return f"{Severity(row.severity).label} ({row.score})"


COLUMNS: dict[str, ListColumn] = {
    column.key: column
    for column in (
        ListColumn("meldt", _("Reported"), lambda row: _day(row.reported_at)),
        ListColumn("hvor", _("Where"), lambda row: row.unit.name),
        ListColumn("enhet", _("Handled by the unit"), lambda row: row.handling_unit.name, ("handling_unit__name",)),
        ListColumn("behandler", _("Handler"), lambda row: row.handler.name if row.handler else ""),
        ListColumn("type", _("Kind"), lambda row: str(Kind(row.kind).label)),
        ListColumn("kategori", _("Category"), lambda row: row.category.whole_label if row.category else ""),
        ListColumn("skade", _("Harm so far"), lambda row: str(Harm(row.harm).label), ("harm",)),
        ListColumn("alvor", _("Severity"), _severity),
        ListColumn("status", _("Status"), lambda row: row.get_state_display()),
        ListColumn("frist", _("Deadline"), lambda row: _day(row.deadline)),
        ListColumn("mottatt", _("Received"), lambda row: _day(row.received_at), ("received_at",)),
        ListColumn("svar", _("First answer"), lambda row: _day(row.first_answer_at)),
        ListColumn("lukket", _("Closed"), lambda row: _day(row.closed_at)),
        ListColumn("kilde", pgettext_lazy("of a case", "Source"), lambda row: str(Source(row.source).label)),
    )
}
USUAL = ("meldt", "hvor", "behandler", "kategori", "alvor", "status", "frist")
"""What is in the file of a list shown without columns of its own: what its lines say."""


def chosen(keys: Iterable[str]) -> tuple[str, ...]:
    """Those of the keys that are columns, in the order they always stand in."""
    asked = set(keys)
    return tuple(key for key in COLUMNS if key in asked)


def needs(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(field for key in keys for field in COLUMNS[key].needs)

"""A report taken along: as a PDF, and as a spreadsheet with a table for each section."""

from __future__ import annotations

import re
from typing import IO, Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext, pgettext

from kvalitetslosen.journal.record import record
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.paper.printing import printed_once
from kvalitetslosen.reports.frozen import definition_of
from kvalitetslosen.reports.lifecycle import State
from kvalitetslosen.reports.shown import Shown, printed
from kvalitetslosen.ui.spreadsheet import figures_sheet, front_sheet, new_workbook


def context_of(shown: Shown, user: User) -> dict[str, Any]:
    """What the printed page says. Called with the report's language active."""
    report = shown.report
    return {
        "shown": shown,
        "report": report,
        "sections": [printed(part) for part in shown.told],
        "definitions": definitions_of(shown),
        "municipality": Unit.objects.values_list("name", flat=True).get(pk=shown.unit.municipality_id),
        "language": shown.language,
        "reader": user,
        "withdrawn": report is not None and report.state == State.WITHDRAWN,
    }


def definitions_of(shown: Shown) -> list[tuple[str, str]]:
    """What the figures of the sections mean, as it was approved or as it is now; the same words once."""
    found: dict[str, list[str]] = {}
    for part in shown.told:
        if part.figures and (words := part.definition or definition_of(part.figures)):
            found.setdefault(words, []).append(part.title)
    return [(" · ".join(titles), words) for words, titles in found.items()]


def pdf(shown: Shown, user: User) -> bytes:
    """Raises ``Unprintable``."""
    with translation.override(shown.language):
        context = {**context_of(shown, user), "printed": timezone.localtime()}
        return printed_once(render_to_string("reports/paper.html", context))


def workbook(shown: Shown, user: User) -> IO[bytes]:
    """An open temporary file at its beginning: what it is, then a sheet with a table for each section."""
    with translation.override(shown.language):
        book, target = new_workbook(shown.title)
        facts = [
            (pgettext("a document", "Report"), shown.title),
            (gettext("Unit"), shown.unit.name),
            (gettext("Period"), str(shown.period)),
            (gettext("Made"), f"{timezone.localtime():%Y-%m-%d %H:%M}"),
            (gettext("By"), user.name),
        ]
        if shown.report is not None and shown.report.approved_at is not None:
            approved = timezone.localtime(shown.report.approved_at)
            facts.append((pgettext("a report", "Approved"), f"{approved:%Y-%m-%d %H:%M}"))
        if shown.for_all:
            facts.append((gettext("Counted"), gettext("Cases about a leader are not counted.")))
        if shown.narrowed:
            facts.append(
                (
                    gettext("Counted"),
                    gettext(
                        "From units two or more levels below the leader who made it, only cases of high or critical "
                        "severity are counted."
                    ),
                )
            )
        for part in shown.told:
            said = " ".join(each for each in (part.figures.sentence if part.figures else "", part.text) if each)
            if said:
                facts.append((part.title, said))
        front_sheet(book, gettext("About"), facts)
        tables = [part.figures for part in shown.told if part.figures is not None and part.figures.rows]
        for number, figures in enumerate(tables):
            figures_sheet(book, number, figures)
        meanings = definitions_of(shown)
        if meanings:
            front_sheet(book, gettext("What is counted"), meanings)
        book.close()
    target.seek(0)
    return target


def file_name(shown: Shown, ending: str) -> str:
    """«Årsrapport, Solvik, 2026.pdf»."""
    words = f"{shown.title}, {shown.unit.name}, {shown.period}"
    return re.sub(r"[^\w .,()-]+", " ", words).strip()[:110] + ending


def note_taken(shown: Shown, user: User, what: str) -> None:
    """That somebody took the figures along, on the unit: whoever writes on the report meanwhile isn't in the way."""
    months = f"{shown.period.first:%Y-%m} {shown.period.last:%Y-%m}"
    said = {"kind": shown.kind.name, "months": months, **({"report": shown.report.pk} if shown.report else {})}
    record(shown.unit, "reports.taken", by=user, what=what, told=said)

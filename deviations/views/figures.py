"""The report page and what can be taken home from it."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from deviations import columns, exports, injuries
from deviations.filters import CaseFilter, oversees
from deviations.forms.figures import period_of
from deviations.report_sections import Report
from deviations.reports import OURS, THEIRS, Period, own_units
from deviations.views.other_systems import may_bring_somewhere
from kvalitetslosen.csv_files import CSV
from kvalitetslosen.figures.rules import defined
from kvalitetslosen.months import this_month
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.ui import charts
from kvalitetslosen.ui.registry import panels
from kvalitetslosen.ui.spreadsheet import XLSX

NOTHING = gettext_lazy(
    "No reports need not mean that nothing happens. Ask at the next team meeting what people have seen."
)


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """How is it going here?

    Those who have figures and no cases read them in the explorer, where small numbers are kept from them.
    """
    user = cast("User", request.user)
    period, form = period_of(request.GET)
    report = Report.of(user, request.GET.get("enhet", ""), period, request.GET.get("kilde", ""))
    if not report.seen.listed:
        return redirect("figures:explore")
    here = f"{request.path}?"
    presets = _presets(here, report)
    shares = (report.by_kind, report.by_severity, report.by_state)
    return render(
        request,
        "deviations/reports/figures.html",
        {
            "report": report,
            "form": form,
            "panels": panels("deviations.report", user, report.unit),
            "reads_register": injuries.may_read(user),
            "presets": presets,
            "chosen_by_hand": form.is_bound and (form.errors or not any(current for *_link, current in presets)),
            "others": _others(user, here, report),
            "crumbs": [(unit.name, f"{here}enhet={unit.pk}&{period.query}") for unit in report.place.above],
            "query": f"enhet={report.unit.pk}&{period.query}{_kilde(report)}",
            "origins": _origins(here, report),
            "origin_card": _card(report.by_origin, charts.table(report.by_origin)) if report.has_theirs else "",
            "may_bring": may_bring_somewhere(user),
            "counted": _counted(user, report),
            "months": _months(report),
            "ticks": _ticks(report) if report.ticked else "",
            "below": _card(report.below, charts.table(report.below, bars=0)) if report.place.below else "",
            "shares": [_card(each, charts.table(each, bars=0)) for each in shares] if report.total else [],
            "categories": _categories(report) if report.total else "",
            "causes": _card(report.causes, charts.table(report.causes, bars=0) if report.causes.rows else "")
            if report.total and report.causes
            else "",
            "times": _times(report) if report.total else "",
            "limits": _card(report.limits, charts.table(report.limits)) if report.total else "",
            "helped": _card(report.helped, charts.table(report.helped, bars=0)) if report.total else "",
            "times_below": _card(report.times_below, charts.table(report.times_below))
            if report.place.below and report.times_below.rows
            else "",
            "open": _card(report.open_by_age, charts.table(report.open_by_age, bars=0) if report.open_total else ""),
            "open_below": _card(report.open_below, charts.table(report.open_below))
            if report.open_below.rows and report.place.below
            else "",
        },
    )


def _card(figures: charts.Figures, *parts: str, small: bool = False) -> SafeString:
    """A part of the page, with the way to what it means."""
    return charts.card(replace(figures, defined=defined(figures.key)), *parts, small=small)


def _kilde(report: Report) -> str:
    return f"&kilde={report.origin}" if report.origin else ""


def _origins(here: str, report: Report) -> list[tuple[str, str, bool]]:
    """All together, ours, theirs; nothing to choose where nothing comes from elsewhere."""
    if not (report.origin or report.has_theirs):
        return []
    base = f"{here}enhet={report.unit.pk}&{report.period.query}"
    choices = (("", _("All, each once")), (OURS, _("Registered here")), (THEIRS, _("In other systems")))
    return [(words, f"{base}&kilde={value}" if value else base, value == report.origin) for value, words in choices]


def _months(report: Report) -> SafeString:
    figures = report.by_month
    if figures.is_empty:
        return _card(replace(figures, note=str(NOTHING)))
    return _card(figures, charts.columns(figures, bar=0, line=1), charts.table(figures))


def _ticks(report: Report) -> SafeString:
    """Both together as columns, each apart in the tables."""
    months, kinds = report.ticks_by_month, report.ticks_by_category
    return _card(
        months,
        charts.columns(months, bar=2, line=0),
        charts.table(months),
        _card(kinds, charts.table(kinds, bars=2), small=True),
    )


def _categories(report: Report) -> SafeString:
    """By main category; all of them, named with their main one, unfold below."""
    mains = report.by_main_category
    every = charts.table(report.by_category, bars=0) if report.has_sub_categories else ""
    return _card(mains, charts.table(mains, bars=0), charts.folded(_("Show the sub-categories"), every))


def _times(report: Report) -> SafeString:
    pictures = "".join(charts.card(each, charts.columns(each, height=96), small=True) for each in report.time_pictures)
    whole = replace(report.times, sentence="" if pictures else report.times.sentence)
    return _card(whole, f'<div class="los-small-charts">{pictures}</div>', charts.table(report.times))


def _presets(here: str, report: Report) -> list[tuple[str, str, bool]]:
    """Periods one often asks for, as links."""
    now = this_month()
    january = now.replace(month=1)
    last_january = january.replace(year=now.year - 1)
    choices = [
        (_("Last 12 months"), Period.latest(12)),
        (_("Last 3 months"), Period.latest(3)),
        (_("This year"), Period(january, now)),
        (_("Last year"), Period(last_january, last_january.replace(month=12))),
        (_("Two years"), Period.latest(24)),
    ]
    return [
        (words, f"{here}enhet={report.unit.pk}&{each.query}{_kilde(report)}", each == report.period)
        for words, each in choices
    ]


def _others(user: User, here: str, report: Report) -> list[tuple[str, str]]:
    """Where else the person's figures begin, when they have several places."""
    own = own_units(user)
    if len(own) < 2:
        return []
    links = []
    for each in own:
        if isinstance(each, int):
            pk, name = each, _("The whole municipality")
        else:
            pk, name = each.pk, each.name
        if pk != report.unit.pk:
            links.append((name, f"{here}enhet={pk}&{report.period.query}"))
    return links


def _counted(user: User, report: Report) -> str:
    """Which cases are in the figures, in a sentence that is true for this person."""
    if not report.seen.narrow:
        return _("Each number counts the cases you may see, and leads to them.")
    hse, privacy = user.standing.reaches(Role.SAFETY_REP, report.unit), user.standing.has(Role.DPO)
    if hse and privacy:
        return _(
            "Only cases about health, safety and environment and about privacy are counted, and others you take part "
            "in. Each number leads to its cases."
        )
    if privacy:
        return _("Only cases about privacy are counted, and others you take part in. Each number leads to its cases.")
    return _(
        "Only cases about health, safety and environment are counted, and others you take part in. "
        "Each number leads to its cases."
    )


# What can be taken home


def _report(request: HttpRequest) -> Report:
    period, form = period_of(request.GET)
    if form.is_bound and not form.is_valid():
        raise BadRequest("The period makes no sense.")
    report = Report.of(cast("User", request.user), request.GET.get("enhet", ""), period, request.GET.get("kilde", ""))
    if not report.seen.listed:
        raise PermissionDenied
    return report


def file_name(unit: Unit | None, what: str, ending: str) -> str:
    place = slugify(unit.name.translate(NORWEGIAN_LETTERS)) if unit else ""
    return "-".join(part for part in (what, place, f"{timezone.localdate():%Y-%m-%d}") if part) + ending


NORWEGIAN_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "Ae", "Ø": "O", "Å": "A"})


@require_GET
def figures_csv(request: HttpRequest) -> HttpResponse:
    """The figures of the page, line by line."""
    report = _report(request)
    answer = HttpResponse(exports.figures_as_csv(report), content_type=CSV)
    name = file_name(report.unit, _("figures"), ".csv")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    exports.record_export(by=report.user, unit=report.unit, what="figures", rows=report.total, asked=request.GET)
    return answer


@require_GET
def figures_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The figures of the page, a sheet each, and the cases behind them for those who may see cases."""
    report = _report(request)
    workbook, rows = exports.figures_as_workbook(report)
    exports.record_export(by=report.user, unit=report.unit, what="workbook", rows=rows, asked=request.GET)
    return FileResponse(
        workbook,
        as_attachment=True,
        filename=file_name(report.unit, _("figures"), ".xlsx"),
        content_type=XLSX,
    )


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """The cases of the list with the same address, all of them, as they are sent."""
    user = cast("User", request.user)
    if not oversees(user):
        raise PermissionDenied
    asked = CaseFilter.of(user, request.GET)
    rows = asked.rows()
    n, more = exports.counted(rows)
    exports.record_export(by=user, unit=asked.unit, what="cases", rows=n, more=more, asked=request.GET)
    answer = StreamingHttpResponse(exports.cases_as_csv(rows, told_of(asked), asked.order_by), content_type=CSV)
    name = file_name(asked.unit, _("cases"), ".csv")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Accel-Buffering"] = "no"  # a proxy that waits for all of it would hold up the first line
    return answer


@require_GET
def export_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same as a spreadsheet: what the list shows, in its columns and its order. So many that a workbook takes."""
    user = cast("User", request.user)
    if not oversees(user):
        raise PermissionDenied
    asked = CaseFilter.of(user, request.GET)
    rows = asked.rows()
    told = exports.shown_columns(asked.columns or columns.USUAL)
    n, more = exports.counted(rows)
    exports.record_export(by=user, unit=asked.unit, what="cases", rows=n, more=more, asked=request.GET)
    book, _written = exports.cases_as_workbook(rows, told, asked.order_by)
    name = file_name(asked.unit, _("cases"), ".xlsx")
    return FileResponse(book, as_attachment=True, filename=name, content_type=XLSX)


def told_of(asked: CaseFilter) -> list[exports.Column]:
    """The columns the list is shown in; all there is to tell where it is shown in none."""
    if asked.columns:
        return exports.shown_columns(asked.columns)
    return [*exports.columns(), *exports.asked_columns(asked.user, asked.category)]

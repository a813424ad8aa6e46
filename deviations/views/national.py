"""The yearly table by national code and yearly figure, as a page and as a file."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from deviations import exports
from deviations.views.figures import file_name
from deviations.yearly import Yearly, year_in, years
from kvalitetslosen.csv_files import CSV, written
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.ui import charts


def asked_for(request: HttpRequest) -> Yearly:
    """Raises ``PermissionDenied`` for those who have figures and no cases: small numbers are kept from them."""
    user = cast("User", request.user)
    table = Yearly.of(user, request.GET.get("enhet", ""), year_in(request.GET.get("ar", "")))
    if not table.seen.listed:
        raise PermissionDenied
    return table


@require_GET
def yearly(request: HttpRequest) -> HttpResponse:
    """What happened in a year, as it is counted for the country."""
    table = asked_for(request)
    unit = table.place.unit
    here = f"{request.path}?enhet={unit.pk}&ar="
    return render(
        request,
        "deviations/reports/national.html",
        {
            "table": table,
            "unit": unit,
            "years": [(str(each), f"{here}{each}", each == table.year) for each in years()],
            "tables": [charts.card(each, charts.table(each, bars=2)) for each in table.sections],
            "query": f"enhet={unit.pk}&ar={table.year}",
            "units": [(each.name, f"{request.path}?enhet={each.pk}&ar={table.year}") for each in table.place.below],
            "above": [(each.name, f"{request.path}?enhet={each.pk}&ar={table.year}") for each in table.place.above],
            "maps": any(each.depth == 0 for each in table.user.standing.units(Role.ADMINISTRATOR)),
        },
    )


@require_GET
def yearly_csv(request: HttpRequest) -> HttpResponse:
    """The same numbers, a line each."""
    table = asked_for(request)
    unit = table.place.unit
    lines: list[list[object]] = [[_("Unit"), _("Year"), _("Figures"), _("Of"), _("Cases"), _("Ticks"), _("Together")]]
    for figures in table.sections:
        begin = [unit.name, table.year, figures.title]
        rows = (*figures.rows, *((figures.foot,) if figures.foot else ()))
        lines += [[*begin, row.name, *(int(cell.value or 0) for cell in row.cells)] for row in rows]
    exports.record_export(by=table.user, unit=unit, what="national figures", rows=table.events, asked=request.GET)
    answer = HttpResponse(written(lines), content_type=CSV)
    what = _("national-figures")
    name = file_name(unit, f"{what}-{table.year}", ".csv")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

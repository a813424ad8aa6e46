"""What other systems send to: rows in, and nothing out but what became of them. See docs/api.md."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from deviations import actions, elsewhere
from deviations.models import OtherSystem
from kvalitetslosen.api import bearer, refused
from kvalitetslosen.limits import Limit, within_the_minute
from kvalitetslosen.organisation.spreadsheet import clean

MOST_ROWS, MOST_BYTES = 500, 2_000_000
A_MINUTE = 60  # requests of one system
WRONG = Limit("api-token", times=30, seconds=600)


@csrf_exempt
@login_not_required
def rows(request: HttpRequest) -> JsonResponse:
    """Bring in rows. Each stands for itself: what is wrong in one keeps no other out. Again they change nothing."""
    if request.method != "POST":
        return refused(405, "method", "Send the rows with POST.", Allow="POST")
    if WRONG.is_reached(request):
        return refused(429, "too_many", "Too many wrong tokens from here. Wait ten minutes.", Retry_After="600")
    system = actions.system_of(bearer(request))
    if system is None:
        WRONG.count(request)
        return refused(
            401, "token", "Send the source's token as “Authorization: Bearer …”.", WWW_Authenticate="Bearer"
        )
    if not within_the_minute(f"api:{system.pk}", A_MINUTE):
        return refused(429, "too_many", f"At most {A_MINUTE} requests a minute.", Retry_After="60")
    given = _read(request)
    if isinstance(given, JsonResponse):
        return given
    with translation.override(system.municipality.language):
        return JsonResponse(_brought(system, given))


def _read(request: HttpRequest) -> list[dict[str, Any]] | JsonResponse:
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return refused(413, "too_big", f"At most {MOST_BYTES} bytes at a time.")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return refused(400, "json", "The body isn't JSON.")
    given = body.get("rows") if isinstance(body, dict) else None
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        return refused(400, "rows", 'Send an object with a list: {"rows": [{…}, …]}.')
    if len(given) > MOST_ROWS:
        return refused(413, "too_many_rows", f"At most {MOST_ROWS} rows at a time.")
    return given


def _brought(system: OtherSystem, given: list[dict[str, Any]]) -> dict[str, Any]:
    reader = elsewhere.Reader(system)
    names = {each.name for each in reader.fields}
    outcome: Counter[str] = Counter()
    problems = []
    for number, each in enumerate(given, start=1):
        strange = sorted(str(name)[:40] for name in each if name not in names)
        values = {name: _text(value) for name, value in each.items() if name in names}
        row = reader.read(number, values)
        row.problems += [f"Unknown field: {name}" for name in strange]
        if row.problems:
            outcome["refused"] += 1
            problems.append({"row": number, "id": values.get("id", "")[:80], "problems": row.problems})
        else:
            outcome[actions.bring_in(system=system, row=row, by=None)] += 1
    counted = {name: outcome[name] for name in ("made", "linked", "changed", "kept", "same", "refused")}
    return {**counted, "problems": problems}


def _text(value: Any) -> str:
    """As a cell of a file: text and numbers; anything else says nothing."""
    return clean(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""

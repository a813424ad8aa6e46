"""The morning page: what needs me now?"""

from __future__ import annotations

import json
from typing import Any, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.registry import TodaySection, today_sections


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Each module's section that has something for this person, the most pressing first."""
    user = cast("User", request.user)
    sections: list[SafeString] = []
    asides: list[SafeString] = []
    count, first = 0, ""
    for section, given in sections_with_rows(user):
        if (context := section.context(user, *given)) is not None:
            count += context.get("count", 0)
            if not first and context.get("count") and context.get("rows"):
                first = context["rows"][0].get_absolute_url()
            place = asides if section.aside else sections
            place.append(render_to_string(section.template, context, request=request))
    return render(
        request,
        "today.html",
        {
            "sections": sections,
            "asides": asides,
            "count": count,
            "first": first,
            "greeting": greeting(timezone.localtime().hour),
        },
    )


Keys = dict[TodaySection, list[int]]


def sections_with_rows(user: User) -> list[tuple[TodaySection, tuple[Any, ...]]]:
    """Those that may have something to show, and what their ``context`` is given besides the person.

    Which rows each has is one question; then one for all sections whose lines are fetched alike.
    """
    keys = _keys(user)
    wanted: dict[Any, list[int]] = {}
    for section, found in keys.items():
        if section.lines is not None:
            wanted.setdefault(section.lines, []).extend(found)
    lines = {fetch: fetch(list(dict.fromkeys(found))) for fetch, found in wanted.items() if found}
    there: list[tuple[TodaySection, tuple[Any, ...]]] = []
    for section in today_sections():
        if section.rows is None:
            there.append((section, ()))
        elif found := keys.get(section, []):
            fetched = lines.get(section.lines, {})
            rows = [fetched[key] for key in found if key in fetched]
            there.append((section, () if section.lines is None else (rows,)))
    return there


def _keys(user: User) -> Keys:
    """The keys of the first rows of each section that says what it looks for, all in one question.

    Each is put into SQL by itself: Django would take as long again to fit one query into another.
    """
    named: list[TodaySection] = []
    columns: list[str] = []
    parameters: list[Any] = []
    for section in today_sections():
        if section.rows is None:
            continue
        most = section.most if section.lines else 1
        rows = section.rows(user) if section.lines else section.rows(user).order_by()
        try:
            sql, given = rows.values(one=F("pk"))[:most].query.sql_with_params()
        except EmptyResultSet:
            continue
        named.append(section)
        columns.append(ALL_IN_ONE[connection.vendor].format(sql=sql))
        parameters += given
    if not columns:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", parameters)
        values = cursor.fetchone()
    return {
        section: json.loads(value) if isinstance(value, str) else value
        for section, value in zip(named, values, strict=True)
    }


ALL_IN_ONE = {
    "postgresql": "ARRAY({sql})",
    "sqlite": "(SELECT json_group_array(one) FROM ({sql}))",
}
"""Several rows as one value, in their order."""


def greeting(hour: int) -> str:
    """By the clock in Norway."""
    if 5 <= hour < 10:
        return _("Good morning.")
    if 10 <= hour < 18:
        return _("Good day.")
    return _("Good evening.")

"""Figures for other programs, read with a token and never changed. See docs/reporting-api.md."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation

from kvalitetslosen.api import bearer, refused
from kvalitetslosen.csv_files import CSV
from kvalitetslosen.figures import written
from kvalitetslosen.figures.answer import Answer
from kvalitetslosen.figures.question import Question
from kvalitetslosen.limits import Limit, within_the_minute
from kvalitetslosen.notifications.outbox import absolute
from kvalitetslosen.open_figures import actions, answers, openapi, reading, registry
from kvalitetslosen.open_figures.models import Reads, ReportToken
from kvalitetslosen.organisation.models import User

A_MINUTE = 60  # requests with one token
WRONG = Limit("report-token", times=30, seconds=600)
MOST = 50_000  # rows of a page
JSON_LINES = "application/jsonl; charset=utf-8"
FORMS: dict[str, tuple[str, Callable[[registry.StarTable, Iterator[list[Any]]], Iterator[bytes]]]] = {
    "csv": (CSV, reading.as_csv),
    "jsonl": (JSON_LINES, reading.as_json_lines),
    "json": ("application/json", reading.as_json),
}

View = Callable[..., HttpResponseBase]


def with_token(view: View) -> Callable[..., HttpResponseBase]:
    """Who reads follows from the token, asked anew each time; the answer is in the reader's language."""

    @login_not_required
    @wraps(view)
    def asked(request: HttpRequest, **parts: str) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return refused(405, "method", "Everything here is read with GET.", Allow="GET, HEAD")
        token = actions.token_of(bearer(request))
        if (
            token is None
        ):  # a right one is never shut out by others' wrong ones: services ask for many from few networks
            if WRONG.is_reached(request):
                return refused(
                    429, "too_many", "Too many wrong tokens from here. Wait ten minutes.", Retry_After="600"
                )
            WRONG.count(request)
            return refused(401, "token", "Send a token as “Authorization: Bearer …”.", WWW_Authenticate="Bearer")
        if not within_the_minute(f"report-token:{token.pk}", A_MINUTE):
            return refused(429, "too_many", f"At most {A_MINUTE} requests a minute.", Retry_After="60")
        user = actions.reader_of(token)
        with translation.override(user.language):
            try:
                answer = view(request, token, user, **parts)
            except Http404:
                answer = refused(404, "unknown", "There is no such thing to read here.")
            except PermissionDenied:
                answer = refused(403, "rights", "This token may not read that.")
        answer["Cache-Control"] = "private, no-store"
        answer["Content-Language"] = user.language
        return answer

    return asked


@login_not_required
def described(request: HttpRequest) -> HttpResponseBase:
    """The description of the API as OpenAPI. It tells of no municipality, so it asks for no token."""
    if request.method not in ("GET", "HEAD"):
        return refused(405, "method", "Everything here is read with GET.", Allow="GET, HEAD")
    with translation.override("en"):
        return JsonResponse(openapi.document(), json_dumps_params={"ensure_ascii": False})


@with_token
def unknown(_request: HttpRequest, _token: ReportToken, _user: User, *, rest: str) -> HttpResponseBase:
    """An address that isn't here is refused as everything else is, for a program to read."""
    raise Http404(rest)


@with_token
def subjects(_request: HttpRequest, _token: ReportToken, user: User) -> HttpResponseBase:
    return JsonResponse({"subjects": answers.subjects_told(user)})


@with_token
def answer(request: HttpRequest, _token: ReportToken, user: User) -> HttpResponseBase:
    """The same question as in the address of the page, and the same numbers."""
    return JsonResponse(answers.answer_told(Answer.to(Question.asked(user, request.GET))))


@with_token
def answer_csv(request: HttpRequest, _token: ReportToken, user: User) -> HttpResponseBase:
    return HttpResponse(written.as_csv(Answer.to(Question.asked(user, request.GET))), content_type=CSV)


@with_token
def tables(_request: HttpRequest, token: ReportToken, _user: User) -> HttpResponseBase:
    """The tables the token may read, with their columns."""
    return JsonResponse({"tables": [_described(each) for each in registry.tables() if _may_read(token, each)]})


def _described(table: registry.StarTable) -> dict[str, Any]:
    return {
        "name": table.key,
        "definition": table.definition,
        "columns": [
            {"name": each.name, "holds": each.holds.value, "definition": each.definition} for each in table.columns
        ],
    }


def _may_read(token: ReportToken, table: registry.StarTable) -> bool:
    """Figures only are figures: no rows, and of the documents not those that only some may open."""
    return token.reads == Reads.RIGHTS or table.key in ("dim_unit", "dim_date", "dim_category")


@with_token
def table(request: HttpRequest, token: ReportToken, user: User, *, name: str, form: str) -> HttpResponseBase:
    """A table, streamed. With ``limit`` a page of it; what follows is in the header Link."""
    found = registry.table(name)
    if found is None or form not in FORMS:
        raise Http404
    if not _may_read(token, found):
        return refused(403, "figures_only", "This token reads figures only, no rows. Ask “answer” instead.")
    after = _after(found, request.GET.get("after", ""))
    most = request.GET.get("limit", "")
    if after is None or (most and not (most.isdecimal() and len(most) < 7 and 0 < int(most) <= MOST)):
        return refused(400, "page", f"“after” is a key of the table, and “limit” a number up to {MOST}.")
    until = reading.page_end(found, user, after, int(most)) if most else None
    content_type, written_as = FORMS[form]
    answer = StreamingHttpResponse(
        written_as(found, reading.rows(found, user, after, until)), content_type=content_type
    )
    if until is not None:
        again = absolute(reverse("open_figures_api:table", args=[name, form]))
        answer["Link"] = f'<{again}?limit={most}&after={until}>; rel="next"'
    return answer


def _after(table: registry.StarTable, text: str) -> reading.Key | None:
    """The key to go on after; None for nonsense."""
    if not text:
        return reading.FROM_THE_FIRST
    if table.columns[0].holds is registry.Holds.DAY:
        try:
            return datetime.date.fromisoformat(text).isoformat()
        except ValueError:
            return None
    return int(text) if text.isdecimal() and len(text) < 18 else None

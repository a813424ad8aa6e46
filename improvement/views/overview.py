"""What has changed since last time: sentences, the figures behind each, and putting one away."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from deviations.reports import ABOUT_LEADERS, week_text
from deviations.views.visiting import visitor
from improvement import overview as overviews
from improvement.actions import overviewing
from improvement.charts import Chart, drawn
from improvement.charts.words import KINDS, WHY, amount, middle_of, said_of, value_of
from improvement.models import Rhythm
from improvement.overview import Kind, Look, Scope, may_look
from improvement.overview.changes import Change, change_in, question_about, sentence
from improvement.overview.looking import MOST, grouped, reading_of
from improvement.overview.watched import WITH_SUB, Counted, Watched, What, title_of
from improvement.overview.work import LISTS, silent
from kvalitetslosen.months import month_text
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.dates import say, written

LISTED = 200
SHORT = 3
DAYS_BY_NAME = 6  # so long a day is called by its weekday


def reader(request: HttpRequest) -> User:
    user = visitor(request)
    if not may_look(user):
        raise PermissionDenied
    return user


def since_words(moment: datetime.datetime | None) -> str:
    """«Monday», «today 08.15», «12 November»: when one read it last, inside a sentence."""
    if moment is None:
        return ""
    day = timezone.localdate(moment)
    ago = (timezone.localdate() - day).days
    if ago < 2:
        return say(moment).text
    return str(WEEKDAYS[day.weekday()]) if ago <= DAYS_BY_NAME else written(day)


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """What has changed where I lead? Reading it is noted, so that next time says what is new since."""
    user = reader(request)
    found = overviews.look(user, reading_of(user))
    whole = "alt" in request.GET
    fresh, still = found.shown(whole=whole)
    overviewing.note_reading(by=user, facts=[fact.name for fact in found.facts])
    return render(
        request,
        "improvement/overview/overview.html",
        {
            "look": found,
            "fresh": grouped(fresh),
            "still": grouped(still),
            "put_away": found.put_away,
            "since": since_words(found.since),
            "more": len(found.all) - len(fresh) - len(still),
            "by_chance": round(found.read / 100),
            "most": MOST,
        },
    )


@require_GET
def short(request: HttpRequest) -> HttpResponse:
    """The section of the morning page. It isn't noted as read."""
    user = reader(request)
    found: Look = overviews.look(user, reading_of(user))
    shown = (found.fresh or found.still)[:SHORT]
    return render(
        request,
        "improvement/overview/short.html",
        {
            "new": len(found.fresh),
            "count": len(found.all),
            "since": since_words(found.since),
            "shown": shown,
            "is_page": not request.headers.get("HX-Request"),
        },
    )


# What shows it


@dataclass(frozen=True)
class Line:
    """One row of a chart's table, with the list its number counts."""

    name: str
    value: str
    usual: str
    told: str
    url: str


def _unit(user: User, text: str) -> Unit:
    """The unit of the address, where the person is told what has changed; 404 elsewhere."""
    return _units(user, [text])[0]


def _units(user: User, texts: list[str]) -> list[Unit]:
    """The same for each of several. One query."""
    if not texts:
        return []
    if not all(text.isdecimal() and len(text) < 18 for text in texts):
        raise Http404
    asked = {int(text) for text in texts}
    units = list(Unit.objects.visible_to(user).active().filter(pk__in=asked))
    if len(units) < len(asked):
        raise Http404
    led = [each for role in overviews.LEADING for each in user.standing.units(role)]
    if not all(any(unit.is_within(each) for each in led) for unit in units):
        raise PermissionDenied
    return units


@require_GET
def chart(request: HttpRequest) -> HttpResponse:
    """How has it gone over time, and what of it is more than chance?"""
    user = reader(request)
    unit = _unit(user, request.GET.get("enhet", ""))
    scope = Scope.of_unit(user, unit)
    if unit.pk not in scope.charted:
        raise PermissionDenied
    what, category = request.GET.get("hva", ""), request.GET.get("kategori", "")
    found = next((each for each in Counted(scope).watched() if (each.what, each.category) == (what, category)), None)
    if found is None and what not in set(What):
        raise Http404
    change = change_in(found) if found else None
    context: dict[str, Any] = {"unit": unit, "watched": found}
    if found:
        context |= _charted(found.chart, found, change)
        question = question_about(found, up=change is None or change.up)
        context["ask"] = scope.ask(unit, question, found.category.removeprefix(WITH_SUB))
    return render(request, "improvement/overview/chart.html", context)


def _charted(chart: Chart, watched: Watched, change: Change | None) -> dict[str, Any]:
    told = said_of(chart)
    middle = middle_of(chart, watched.times)
    return {
        "title": title_of(watched),
        "picture": drawn(chart, " ".join([middle, *told]), times=watched.times),
        "told": told,
        "middle": middle,
        "kind": f"{KINDS[chart.kind]}. {WHY[chart.why]}",
        "sentence": sentence(change) if change else "",
        "lines": list(_lines(chart, watched))[::-1],
    }


def _lines(chart: Chart, watched: Watched) -> list[Line]:
    signalled, found = chart.signalled(), []
    for place, (point, line) in enumerate(zip(chart.points, chart.lines, strict=True)):
        usual = amount(line.centre * watched.times)
        if line.upper is not None:
            usual += f" ({amount((line.lower or 0) * watched.times)}–{amount(line.upper * watched.times)})"
        told = _("More than chance") if place in signalled else ""
        found.append(Line(point.name, value_of(point, watched.times), usual, told, _list_of(watched, point.day)))
    return found


def _list_of(watched: Watched, day: datetime.date) -> str:
    """The list of the cases one number counts; ticks have none."""
    if watched.what == What.TICKS:
        return ""
    said = {"visning": "omrade", "enhet": str(watched.unit), "status": "alle", "uten": ABOUT_LEADERS}
    if watched.rhythm == Rhythm.WEEK:
        said["uke"] = week_text(day)
    else:
        said |= {"fra": month_text(day), "til": month_text(day)}
    match watched.what:
        case What.CASES:
            said["kategori"] = watched.category
        case What.NEAR:
            said["type"] = "near_miss"
        case What.RECEIPT | What.ANSWER:
            said[str(watched.what)] = "innen"
    return f"{reverse('deviations:list')}?{urlencode(said)}"


@dataclass(frozen=True)
class Row:
    text: str
    meta: str
    url: str
    ask: str = ""


@require_GET
def listed(request: HttpRequest, kind: str) -> HttpResponse:
    """Which ones? The very rows that a sentence counted."""
    user = reader(request)
    units = _units(user, request.GET.getlist("enhet"))
    if kind == Kind.SILENT:
        scope = Scope.of(user)
        facts = [fact for fact in silent(scope, Counted(scope)) if not units or fact.unit in units]
        cases = reverse("deviations:list")
        rows = [
            Row(fact.unit.name, fact.text, f"{cases}?visning=omrade&enhet={fact.unit.pk}&status=alle", fact.ask)
            for fact in facts
        ]
    else:
        rows = _rows(user, kind, units)
    return render(
        request,
        "improvement/overview/listed.html",
        {
            "kind": kind,
            "title": TITLES[Kind(kind)](),
            "rows": rows[:LISTED],
            "unit": units[0] if len(units) == 1 else None,
            "more": len(rows) > LISTED,
        },
    )


TITLES = {
    Kind.SILENT: lambda: _("No report for 60 days"),
    Kind.EFFECT: lambda: _("What did not work"),
    Kind.REVIEW: lambda: _("Past their review"),
    Kind.UNREAD: lambda: _("Nobody has read it"),
    Kind.UNANSWERED: lambda: _("Questions without an answer"),
}


def _rows(user: User, kind: str, units: list[Unit]) -> list[Row]:
    scope = Scope.of(user)
    found = LISTS[Kind(kind)](user).filter(scope.where)
    if units:
        found = found.filter(unit__in=units)
    if kind == Kind.EFFECT:
        checks = found.select_related("unit").order_by("-judged_at", "pk")[: LISTED + 1]
        return [Row(str(row), row.unit.name, row.get_absolute_url(), scope.ask(row.unit, "trying")) for row in checks]
    if kind == Kind.UNANSWERED:
        asked = found.select_related("unit").order_by("due_on", "pk")[: LISTED + 1]
        return [Row(row.question, f"{row.unit.name} · {written(row.due_on)}", row.get_absolute_url()) for row in asked]
    order = ("review_on", "title") if kind == Kind.REVIEW else ("title",)
    documents = found.select_related("unit").order_by(*order, "pk")[: LISTED + 1]
    return [
        Row(
            row.title,
            f"{row.number} · {row.unit.name}"
            + (f" · {written(row.review_on)}" if kind == Kind.REVIEW and row.review_on else ""),
            reverse("documents:document", args=[row.number]),
            scope.ask(row.unit, "need"),
        )
        for row in documents
    ]


# Putting away


def _names(request: HttpRequest) -> list[str]:
    return [name[:200] for name in request.POST.getlist("fakta")[:200]]


@require_POST
def put_away(request: HttpRequest) -> HttpResponse:
    """Not this one any more. Only what is told now can be put away."""
    user = reader(request)
    known = {fact.name for fact in overviews.look(user, reading_of(user)).facts}
    if names := [name for name in _names(request) if name in known]:
        overviewing.put_away(by=user, facts=names)
        messages.success(request, _("It is put away. It comes back only if something new happens."))
    return redirect("overview:overview")


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Tell me again."""
    user = reader(request)
    overviewing.take_back(by=user, facts=_names(request))
    return redirect("overview:overview")

"""The explorer: a question, its answer, the rows behind a number, the files, and what every figure means."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from kvalitetslosen.csv_files import CSV
from kvalitetslosen.figures import access, denominators, listing, periods, pictures, rules, words, written
from kvalitetslosen.figures.answer import Answer
from kvalitetslosen.figures.question import NO_SPLIT, WHOLE_PERIOD, Question, chosen, mine, units_to_choose
from kvalitetslosen.figures.registry import NOT_SET, Dimension, Kind, ready_questions, subjects_of
from kvalitetslosen.figures.uses import uses_of
from kvalitetslosen.journal.record import record
from kvalitetslosen.organisation.access import person
from kvalitetslosen.ui.registry import panels
from kvalitetslosen.ui.spreadsheet import XLSX

MOST_OPTIONS = 200
PANELS = "figures.answer"
"""Where modules put a part of theirs under the answer to a question, and under the list behind a number."""


@require_GET
def explore(request: HttpRequest) -> HttpResponse:
    """Any question, and its answer."""
    user = person(request)
    question = Question.asked(user, request.GET, on_page=True)
    answer = Answer.to(question)
    here = reverse("figures:explore")
    return render(
        request,
        "figures/explore.html",
        {
            "question": question,
            "answer": answer,
            "drawn": pictures.drawn(answer),
            "pictures": _pictures(here, question, answer),
            "narrowed": words.narrowed_to(question),
            "query": question.address(),
            "whole_address": written.address_of(answer),
            "uses": uses_of(question),
            "list_url": f"{reverse('figures:list')}?{question.of(question.first, question.last)}"
            if question.sight.listed and answer.total.n
            else "",
            "without": f"{here}?{question.address(filters=())}" if question.filters else "",
            "form": _form(question),
            "filters": [] if question.sight.protected else _filters(question),
            "presets": _presets(here, question),
            "ready": [
                (label, f"{here}?{address}{_unit(question)}")
                for label, address in ready_questions(user, protected=question.sight.protected)
            ],
            "begins": not request.GET,
            "panels": panels(PANELS, user, question),
            "rate_lacks": denominators.lacking(question, answer.rate),
            "write_url": f"{reverse('figures:denominators')}?enhet={question.unit.pk}"
            if access.may_write(user, question.unit)
            else "",
        },
    )


def _unit(question: Question) -> str:
    return f"&enhet={question.unit.pk}"


Options = list[tuple[str, object, bool]]


def _form(question: Question) -> list[dict[str, Any]]:
    """The choices of the question, one after the other."""
    subject = question.subject
    split = [each.key for each in question.split]
    dimensions = [each for each in subject.dimensions if each.open_to_all or not question.sight.protected]

    def splits(place: int) -> Options:
        now = split[place] if len(split) > place else ""
        none = NO_SPLIT if place == 0 else ""
        return [(none, _("Not split"), not now), *((each.key, each.label, each.key == now) for each in dimensions)]

    measures: Options = [(each.key, each.label, each is question.measure) for each in _measures(question)]
    units: Options = [
        (str(pk), name, here) for pk, name, here in units_to_choose(question.user, subject, question.unit)
    ]
    stretches: Options = [(key, label, key == question.by) for key, label in _stretches(question)]
    fields = [
        ("om", _("Figures of"), [(each.key, each.label, each is subject) for each in subjects_of(question.user)]),
        ("enhet", _("Unit"), units),
        ("mal", _("What is told"), measures),
        ("per", _("By time"), [*stretches, (WHOLE_PERIOD, _("The whole period as one"), not question.by)]),
        ("del", _("Split by"), splits(0)),
    ]
    if not question.sight.protected:
        fields.append(("del", _("And by"), splits(1)))
    fields.append(
        (
            "ifjor",
            _("Compared with"),
            [("", _("Nothing"), not question.compared), ("1", _("The year before"), question.compared)],
        )
    )
    rates = denominators.choices(question)
    if rates:
        fields.append(
            (
                "rate",
                _("As a rate"),
                [
                    ("", _("Plain numbers"), not question.rate),
                    *((key, label, key == question.rate) for key, label in rates),
                ],
            )
        )
    return [
        {"name": name, "id": f"q-{number}", "label": label, "options": options}
        for number, (name, label, options) in enumerate(fields)
    ]


def _measures(question: Question) -> list[Any]:
    protected = question.sight.protected
    return [each for each in question.subject.measures if not protected or each.kind is not Kind.SHARE]


def _stretches(question: Question) -> list[tuple[str, object]]:
    known = (periods.MONTH,) if question.sight.protected else tuple(periods.STRETCHES)
    return [(key, periods.STRETCHES[key]) for key in known]


def _filters(question: Question) -> list[dict[str, Any]]:
    """What the rows can be narrowed to, one of each; several stand in the address."""
    found = []
    for dimension in question.subject.dimensions:
        now = chosen(question, dimension.key)
        if not dimension.choices and not now:
            continue
        names = _names(question, dimension)
        options: Options = [("", _("All"), not now)]
        options += [(value, name, value in now and len(now) == 1) for value, name in names]
        if len(now) > 1:
            options.insert(0, ("", _("Several"), True))  # they stand in the form besides, and go along
        found.append(
            {"name": dimension.key, "id": f"f-{dimension.key}", "label": dimension.label, "options": options,
             "several": list(now) if len(now) > 1 else []}
        )  # fmt: skip
    return found


def _names(question: Question, dimension: Dimension) -> list[tuple[str, str]]:
    """Values and what they are called, in order."""
    now = chosen(question, dimension.key)
    if dimension.ordered:
        names = dimension.named(question, [*dimension.ordered, NOT_SET])
        return list(names.items())
    known = dict(dimension.names(question, now))
    known.pop(NOT_SET, None)
    ranked = sorted(known.items(), key=lambda each: each[1].casefold())[:MOST_OPTIONS]
    return [*ranked, *dimension.named(question, [NOT_SET]).items()]


def _presets(here: str, question: Question) -> list[tuple[str, str, bool]]:
    """Periods one often asks for, as links."""
    today = timezone.localdate()
    this_year = today.replace(month=1, day=1), today.replace(month=12, day=31)
    last_year = this_year[0].replace(year=today.year - 1), this_year[1].replace(year=today.year - 1)
    last = periods.last_of_month(today)
    choices = [(_("This year"), this_year), (_("Last year"), last_year)]
    if not question.sight.protected:
        year = (last + periods.ONE_DAY).replace(year=(last + periods.ONE_DAY).year - 1)
        month = today.replace(day=1)
        choices = [(_("Last 12 months"), (year, last)), (_("This month"), (month, last)), *choices]
        choices.append((_("Two years"), (year.replace(year=year.year - 1), last)))
    return [
        (label, f"{here}?{question.address(first=first, last=end)}", (first, end) == (question.first, question.last))
        for label, (first, end) in choices
    ]


def _pictures(here: str, question: Question, answer: Answer) -> list[tuple[str, str, bool]]:
    shown = pictures.picture_of(answer)
    found = [
        (str(each.label), f"{here}?{question.address(shown=each.key)}", each is shown)
        for each in pictures.fitting(answer)
    ]
    return found if len(found) > 1 else []


@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The rows behind one number, each leading to its own page."""
    question = Question.asked(person(request), request.GET, on_page=True)
    if not question.sight.listed:
        raise PermissionDenied
    page = listing.page_of(question, request.GET)
    return render(
        request,
        "figures/list.html",
        {
            "question": question,
            "n": question.rows().order_by().count(),
            "lines": [question.subject.line(row) for row in page.rows],
            "page_of_rows": page,
            "narrowed": words.narrowed_to(question),
            "period": periods.period_words(question.first, question.last),
            "panels": panels(PANELS, question.user, question),
            "back": f"{reverse('figures:explore')}?{question.address()}",
        },
    )


def file_name(question: Question, ending: str) -> str:
    place = slugify(question.unit.name.translate(NORWEGIAN_LETTERS))
    what = slugify(pgettext("a file", "figures"))
    return (
        "-".join(part for part in (what, question.subject.key, place, f"{timezone.localdate():%Y-%m-%d}") if part)
        + ending
    )


NORWEGIAN_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "Ae", "Ø": "O", "Å": "A"})


def _taken_home(question: Question, what: str) -> None:
    record(question.unit, "figures.taken_home", by=question.user, what=what, asked=question.address()[:500])


@require_GET
def explore_csv(request: HttpRequest) -> HttpResponseBase:
    """The table of the page, as it is sent."""
    question = Question.asked(person(request), request.GET)
    answer = Answer.to(question)
    _taken_home(question, "csv")
    response = HttpResponse(written.as_csv(answer), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{file_name(question, ".csv")}"'
    return response


@require_GET
def explore_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The table of the page as a spreadsheet, with what was asked beside it."""
    question = Question.asked(person(request), request.GET)
    book = written.as_workbook(Answer.to(question), question.user)
    _taken_home(question, "xlsx")
    return FileResponse(book, as_attachment=True, filename=file_name(question, ".xlsx"), content_type=XLSX)


@require_GET
def definitions(request: HttpRequest) -> HttpResponse:
    """What every figure means, in one place."""
    user = person(request)
    known = mine(user)
    return render(
        request,
        "figures/definitions.html",
        {"subjects": known, "sections": rules.sections_of(user), "rules": rules.RULES, "few": rules.SMALL_NUMBERS},
    )

"""Leaders ask leaders: what waits for an answer, asking, answering, reading."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations.models import Deviation
from deviations.views.visiting import visitor
from improvement import access, actions, whom_to_ask
from improvement.forms.inquiring import AnswerForm, AskForm
from improvement.lifecycle import InquiryState
from improvement.models import Inquiry, InquiryRhythm, Measure, Topic
from improvement.whom_to_ask import Whom, may_ask
from kvalitetslosen.journal.meanwhile import too_late
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.journal.transitions import StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import Role, Unit, User

PER_PAGE = 50
YEAR = datetime.timedelta(days=365)
DAY = datetime.timedelta(days=1)
COUNTED = 500  # questions of a year that the sentence about how often counts
TO_ME, BY_ME, BELOW = "til-meg", "fra-meg", "under-meg"


@dataclass(frozen=True)
class HowOften:
    """How often is asked and answered, for both to see."""

    asked: int
    answered: int
    days: int | None  # median from the question to its answer

    @classmethod
    def of(cls, rows: Any) -> HowOften:
        since = timezone.now() - YEAR
        recent = rows.filter(asked_at__gte=since).exclude(state=InquiryState.WITHDRAWN).order_by("-asked_at")
        times = list(recent.values_list("asked_at", "answered_at")[:COUNTED])
        # A day and a half is within two days.
        took = [max(1, ceil((answered - asked) / DAY)) for asked, answered in times if answered]
        return cls(len(times), len(took), ceil(median(took)) if took else None)


@require_GET
def inquiry_list(request: HttpRequest) -> HttpResponse:
    """What am I asked, what have I asked, and what is asked right below me?"""
    user = visitor(request)
    views = [(TO_ME, _("To me"))]
    if may_ask(user):
        views += [(BY_ME, _("From me")), (BELOW, _("Between leaders below me"))]
    asked = request.GET.get("visning", "")
    view = asked if asked in dict(views) else TO_ME
    rows = Inquiry.objects.visible_to(user)
    if view == TO_ME:
        rows = rows.filter(asked=user)
    elif view == BY_ME:
        rows = rows.filter(asker=user)
    else:
        rows = rows.exclude(asker=user).exclude(asked=user)
    here = reverse("inquiries:list")
    # What waits for an answer first, the most urgent of it on top; then the rest, the newest first.
    ordered = rows.select_related("unit", "asker", "asked").order_by("answered_at", "due_on", "pk")
    if view != TO_ME:
        ordered = ordered.order_by("-asked_at", "-pk")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("side"))
    rhythms = InquiryRhythm.objects.visible_to(user).going() if view == BY_ME else InquiryRhythm.objects.none()
    return render(
        request,
        "improvement/inquiries/list.html",
        {
            "page_of_inquiries": page,
            "view": view,
            "tabs": [(label, f"{here}?visning={name}", name == view) for name, label in views],
            "how_often": HowOften.of(rows) if view != BELOW else None,
            "rhythms": list(rhythms.select_related("unit").order_by("day", "pk")),
            "previous": f"?visning={view}&side={page.previous_page_number()}" if page.has_previous() else None,
            "following": f"?visning={view}&side={page.next_page_number()}" if page.has_next() else None,
            "may_ask": may_ask(user),
            "may_ask_above": _leads_below_somebody(user),
        },
    )


@dataclass(frozen=True)
class Subject:
    """What is asked about, from the address."""

    topic: str
    whom: Whom | None = None
    unit: Unit | None = None
    deviation: Deviation | None = None
    measure: Measure | None = None


def _leads_below_somebody(user: User) -> bool:
    """Whether there are units above those the person leads. No query of its own."""
    return any(unit.parent_id for unit in user.standing.units(Role.LEADER))


def _above(user: User) -> Whom | None:
    """Whom the person asks for help: the nearest leader above the topmost unit they lead that has one."""
    return next((whom for unit in user.standing.units(Role.LEADER) if (whom := whom_to_ask.above(user, unit))), None)


def _subject(request: HttpRequest, user: User) -> Subject:
    """Raises ``Http404`` for what the person may not see, ``PermissionDenied`` where there is nobody they may ask."""
    said = request.GET
    found: Subject
    if reference := said.get("sak", ""):
        rows = Deviation.objects.visible_to(user).select_related("handler", "handling_unit")
        deviation = get_object_or_404(rows, reference=reference)
        found = Subject(Topic.CASE, whom_to_ask.handling(user, deviation), deviation=deviation)
    elif (number := said.get("maling", "")).isdecimal() and len(number) < 18:
        measure = get_object_or_404(Measure.objects.visible_to(user).select_related("owner", "unit"), pk=int(number))
        found = Subject(Topic.MEASURE, whom_to_ask.measuring(user, measure), measure=measure)
    elif "opp" in said:
        found = Subject(Topic.HELP, _above(user))
    else:
        number = said.get("enhet", "")
        unit = None
        if number.isdecimal() and len(number) < 18:
            unit = Unit.objects.visible_to(user).active().filter(pk=int(number)).first()
        return Subject(Topic.LEARNING, unit=unit)
    if found.whom is None:
        raise PermissionDenied
    return found


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask a leader below about their unit, a case or a measure; or the leader above for help."""
    user = visitor(request)
    if not may_ask(user):
        raise PermissionDenied
    if "opp" in request.GET and _leads_below_somebody(user) and not _above(user):
        messages.warning(request, _("Nobody leads above you today, so there is nobody to ask for help."))
        return redirect("inquiries:list")
    subject = _subject(request, user)
    form = AskForm(
        request.POST if request.method == "POST" else None,
        user=user,
        topic=subject.topic,
        whom=subject.whom,
        unit=subject.unit,
        category=request.GET.get("kategori", ""),
        asked=request.GET.get("sporsmal", ""),
    )
    if request.method == "POST" and form.is_valid():
        assert form.whom is not None
        cleaned, category = form.cleaned_data, form.chosen_category
        inquiry = actions.ask(
            by=user,
            whom=form.whom,
            topic=Topic.CATEGORY if category else subject.topic,
            question=form.words,
            due_on=cleaned["due_on"],
            deviation=subject.deviation,
            measure=subject.measure,
            category=category,
            key=cleaned["key"],
        )
        if cleaned.get("monthly"):
            actions.begin_rhythm(
                by=user,
                unit=form.whom.unit,
                topic=inquiry.topic,
                question=inquiry.question,
                category=category,
                day=cleaned["day"],
            )
        messages.success(request, _("%(name)s is asked.") % {"name": form.whom.asked.name})
        return redirect(inquiry)
    return render(request, "improvement/inquiries/ask.html", {"form": form, "subject": subject})


def visible_inquiry(user: User, pk: int) -> Inquiry:
    """The question, or 404 for whoever may not see it."""
    rows = Inquiry.objects.visible_to(user).select_related(
        "asker", "asked", "unit", "category__parent", "measure__unit", "deviation"
    )
    return get_object_or_404(rows, pk=pk)


def _page(request: HttpRequest, user: User, inquiry: Inquiry, form: AnswerForm | None) -> HttpResponse:
    deviation, measure = inquiry.deviation, inquiry.measure
    return render(
        request,
        "improvement/inquiries/inquiry.html",
        {
            "inquiry": inquiry,
            "form": form,
            "steps": {step.name: step for step in access.inquiry_steps(inquiry, user)},
            # Whoever leads above needn't see the case or the measure: then nothing leads there.
            "case": deviation if deviation and Deviation.objects.visible_to(user).filter(pk=deviation.pk) else None,
            "measure": measure if measure and Measure.objects.visible_to(user).filter(pk=measure.pk) else None,
            "numbers": _numbers(inquiry, user),
            "how_often": HowOften.of(
                Inquiry.objects.visible_to(user).filter(asker=inquiry.asker_id, asked=inquiry.asked_id)
            ),
            "rhythm": InquiryRhythm.objects.like(inquiry).first(),
            "is_asker": inquiry.asker_id == user.pk,
            "told": tell(Event.objects.about(inquiry).order_by("-number"), user),
        },
    )


def _numbers(inquiry: Inquiry, user: User) -> dict[str, Any] | None:
    """The numbers both see, and the address of the list behind them.

    Not for whoever leads above where leaders that high see only serious cases: the numbers are of all of them.
    """
    kept = inquiry.counts
    if not kept or (user.standing.narrowed and user.pk not in (inquiry.asker_id, inquiry.asked_id)):
        return None
    first, last = (datetime.date.fromisoformat(kept[name]) for name in ("first", "last"))
    query = f"visning=omrade&enhet={inquiry.unit_id}&status=alle&fra={first:%Y-%m}&til={last:%Y-%m}"
    if inquiry.category_id:
        query += f"&kategori={inquiry.category_id}"
    return {
        "now": kept["now"],
        "before": kept["before"],
        "first": first,
        "last": last,
        "url": f"{reverse('deviations:list')}?{query}",
    }


@require_http_methods(["GET", "POST"])
def inquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """The question with its numbers, and the answer in place."""
    user = visitor(request)
    row = visible_inquiry(user, pk)
    may = any(step.name == "answer" for step in access.inquiry_steps(row, user))
    if request.method == "GET":
        return _page(request, user, row, AnswerForm(initial={"seen": row.events_count}) if may else None)
    if row.asked_id != user.pk:
        raise PermissionDenied
    if not may:
        return too_late(request, row)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, user, row, form)
    try:
        actions.answer(inquiry=row, by=user, answer=form.cleaned_data["answer"], seen=form.cleaned_data["seen"])
    except StepRefused:
        return too_late(request, visible_inquiry(user, pk))
    except StepIncomplete:
        form.add_error("answer", _("Something is missing. Fill it in and try again."))
        return _page(request, user, row, form)
    messages.success(request, _("%(name)s gets your answer.") % {"name": row.asker.name})
    return redirect(row)


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Read the answer, or withdraw the question."""
    user = visitor(request)
    row = visible_inquiry(user, pk)
    if row.asker_id != user.pk:
        raise PermissionDenied
    if all(each.name != name for each in access.inquiry_steps(row, user)):
        return too_late(request, row)
    verb = {"read": actions.read, "withdraw": actions.withdraw}[name]
    try:
        verb(inquiry=row, by=user)
    except StepRefused:
        return too_late(request, visible_inquiry(user, pk))
    done = {"read": _("%(name)s sees that you have read it."), "withdraw": _("%(name)s needn't answer.")}[name]
    messages.success(request, done % {"name": row.asked.name})
    return redirect("inquiries:list")


@require_POST
def end_rhythm(request: HttpRequest, pk: int) -> HttpResponse:
    """No more of this question every month."""
    user = visitor(request)
    rhythm = get_object_or_404(InquiryRhythm.objects.visible_to(user), pk=pk)
    actions.end_rhythm(rhythm=rhythm, by=user)
    messages.success(request, _("It isn't asked every month any more."))
    return redirect(f"{reverse('inquiries:list')}?visning={BY_ME}")

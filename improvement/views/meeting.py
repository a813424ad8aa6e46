"""A meeting: its agenda, the wall, the minutes."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations.models import Deviation
from deviations.views.visiting import visitor
from improvement import actions, agendas, meeting_access
from improvement.forms.meeting import HoldMeetingForm, ItemForm, MeetingForm, MinuteForm, TakeOffForm
from improvement.meeting_lifecycle import MeetingPart, MeetingState
from improvement.models import OWN, Action, AgendaItem, Every, Forum, Meeting
from improvement.views.forum import ended, members_of, visible_forum
from kvalitetslosen.journal.meanwhile import too_late
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.journal.transitions import StepRefused
from kvalitetslosen.organisation.models import User
from kvalitetslosen.paper.answers import on_paper

NEXT: dict[str, int] = {Every.WEEK: 7, Every.MONTH: 28, Every.QUARTER: 91, Every.YEAR: 364}
"""Days to the next meeting, on the same weekday."""
BACK = 30  # days the first agenda is about
TOLD = 50


def visible_meeting(user: User, pk: int) -> Meeting:
    """The meeting, or 404 for whoever isn't in the forum."""
    rows = Meeting.objects.visible_to(user).select_related(
        "forum__unit", "forum__leader", "forum__secretary", "forum__network", "approved_by"
    )
    return get_object_or_404(rows, pk=pk)


def written_meeting(user: User, pk: int) -> Meeting:
    """The same, for whoever writes the agenda and the minutes."""
    meeting = visible_meeting(user, pk)
    if MeetingPart.WRITER not in meeting_access.parts_in_forum(meeting.forum, user):
        raise PermissionDenied
    return meeting


# Planning


def _suggested(forum: Forum) -> dict[str, Any]:
    """The next meeting after the last one, and the time since then."""
    today = timezone.localdate()
    last = forum.meetings.exclude(state=MeetingState.CANCELLED).order_by("-starts_at").first()
    first = today - datetime.timedelta(days=BACK)
    if last is None:
        return {"period_first": first, "period_last": today}
    starts = timezone.localtime(last.starts_at)
    found: dict[str, Any] = {"hour": starts.time(), "lasts": last.lasts, "place": last.place}
    if days := NEXT.get(forum.every):
        day = starts.date() + datetime.timedelta(days=days)
        while day < today:
            day += datetime.timedelta(days=days)
        found["day"] = day
    begins = last.period_last + datetime.timedelta(days=1)
    return {**found, "period_first": min(begins, today), "period_last": today}


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a day; the agenda makes itself."""
    user = visitor(request)
    forum = visible_forum(user, pk)
    if MeetingPart.WRITER not in meeting_access.parts_in_forum(forum, user) or not forum.is_going:
        raise PermissionDenied
    form = MeetingForm(request.POST if request.method == "POST" else None, forum=forum, initial=_suggested(forum))
    if request.method == "POST" and form.is_valid():
        try:
            meeting = actions.plan_meeting(forum=forum, by=user, key=form.cleaned_data["key"], **form.planned())
        except actions.ForumEnded:
            return ended(request, forum)
        messages.success(request, _("The agenda has made itself. Change what you like, and send it."))
        return redirect(meeting)
    return render(request, "improvement/meetings/plan.html", {"form": form, "forum": forum})


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, place or period."""
    user = visitor(request)
    meeting = written_meeting(user, pk)
    if not meeting.is_planned:
        return too_late(request, meeting)
    form = MeetingForm(request.POST if request.method == "POST" else None, forum=meeting.forum, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_meeting(meeting=meeting, by=user, seen=form.cleaned_data["seen"], **form.planned())
        except StepRefused:
            return too_late(request, visible_meeting(user, pk))
        told = meeting.sent_at is not None
        messages.success(request, _("Changed; the members are told.") if told else _("Changed."))
        return redirect(meeting)
    return render(
        request, "improvement/meetings/plan.html", {"form": form, "forum": meeting.forum, "meeting": meeting}
    )


# One meeting


def shown(user: User, meeting: Meeting) -> tuple[list[AgendaItem], list[AgendaItem]]:
    """What is on the agenda and what is one click away, each with the way behind it for those who may go there.

    A constant number of questions: the items, their actions, the cases and actions the person sees.
    """
    items = list(
        meeting.items.select_related("brought_by")
        .prefetch_related("actions__owner__municipality")
        .order_by("position", "pk")
    )
    cases = {item.deviation_id for item in items if item.deviation_id}
    references = dict(
        Deviation.objects.visible_to(user).filter(pk__in=cases).values_list("pk", "reference") if cases else ()
    )
    decided = [action.pk for item in items for action in item.actions.all()]
    opened = set(
        Action.objects.visible_to(user).filter(pk__in=decided).values_list("pk", flat=True) if decided else ()
    )
    members = set(meeting.forum.members.values_list("pk", flat=True)) if decided and meeting.forum.is_across else set()
    for item in items:
        item.reference = references.get(item.deviation_id or 0, "")  # type: ignore[attr-defined]
        writers = (meeting.forum.leader_id, meeting.forum.secretary_id)
        is_own = item.kind == OWN and item.brought_by_id == user.pk
        item.suggested = item.kind == OWN and item.brought_by_id not in (None, *writers)  # type: ignore[attr-defined]
        item.may_reword = is_own and meeting.is_planned  # type: ignore[attr-defined]
        item.behind = agendas.linked(item.kind, user, meeting)  # type: ignore[attr-defined]
        item.decided = [  # type: ignore[attr-defined]
            (action, action.pk in opened, meeting_access.who_does_it(action, meeting.forum, members))
            for action in item.actions.all()
        ]
    return [item for item in items if item.chosen], [item for item in items if not item.chosen]


@require_GET
def meeting_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What do we talk about, or what did we say?"""
    user = visitor(request)
    meeting = visible_meeting(user, pk)
    agenda, rest = shown(user, meeting)
    attendance = meeting.attendance.select_related("user").order_by("user__name", "pk")
    steps = {step.name: step for step in meeting_access.meeting_steps(meeting, user)}
    return render(
        request,
        "improvement/meetings/meeting.html",
        {
            "meeting": meeting,
            "forum": meeting.forum,
            "agenda": agenda,
            "rest": rest,
            "steps": steps,
            "may_write": meeting_access.may_write(meeting, user),
            "may_suggest": meeting_access.may_suggest(meeting, user),
            "taken_off": [item for item in rest if item.taken_off and item.brought_by_id == user.pk],
            "attendance": list(attendance),
            "present": [each.user.name for each in attendance if each.present],
            "has_begun": meeting.starts_at <= timezone.now(),
            "told": tell(Event.objects.about(meeting).order_by("-number")[:TOLD], user),
        },
    )


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Send the agenda, approve the minutes, or cancel."""
    user = visitor(request)
    meeting = visible_meeting(user, pk)
    parts = meeting_access.parts_in_forum(meeting.forum, user)
    if not meeting.lifecycle[name].parts & parts:
        raise PermissionDenied
    if all(each.name != name for each in meeting_access.meeting_steps(meeting, user)):
        return too_late(request, meeting)
    verb: Any = {"send": actions.send, "approve": actions.approve_minutes, "cancel": actions.cancel_meeting}[name]
    try:
        verb(meeting=meeting, by=user)
    except StepRefused:
        return too_late(request, visible_meeting(user, pk))
    except actions.Untold as missing:
        messages.warning(request, _("Write first what the reporter is told came of it, and save."))
        return redirect("meetings:minute", missing.items[0].pk)
    except actions.NobodyTells:
        messages.warning(
            request,
            _("Whoever brought one of the cases has left, and nobody handles it. Give the case to somebody first."),
        )
        return redirect(meeting)
    done = {
        "send": _("The members get the agenda by e-mail, with the meeting for their calendars."),
        "approve": _("The minutes are approved and locked. Reporters of the cases hear what came of them."),
        "cancel": _("The meeting is cancelled."),
    }
    messages.success(request, done[name])
    return redirect(meeting)


@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """It was held: who was there?"""
    user = visitor(request)
    meeting = written_meeting(user, pk)
    if not meeting.is_planned:
        return too_late(request, meeting)
    members = list(members_of(meeting.forum))
    form = HoldMeetingForm(request.POST if request.method == "POST" else None, meeting=meeting, members=members)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hold_meeting(meeting=meeting, by=user, present=form.there, seen=form.cleaned_data["seen"])
        except StepRefused:
            return too_late(request, visible_meeting(user, pk))
        messages.success(request, _("Held. Read the minutes through, and approve them."))
        return redirect(meeting)
    return render(request, "improvement/meetings/hold.html", {"form": form, "meeting": meeting})


@require_POST
def count_anew(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures as they are now."""
    user = visitor(request)
    meeting = written_meeting(user, pk)
    try:
        actions.count_anew(meeting=meeting, by=user)
    except actions.Locked:
        return too_late(request, meeting)
    messages.success(request, _("The figures are counted anew. What you have written yourself stays."))
    return redirect(meeting)


# The agenda


@require_http_methods(["GET", "POST"])
def add_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Something of one's own: whoever writes the agenda, and every member until it is held."""
    user = visitor(request)
    meeting = visible_meeting(user, pk)
    if not meeting_access.may_suggest(meeting, user):
        return too_late(request, meeting)
    form = ItemForm(request.POST if request.method == "POST" else None, forum=meeting.forum)
    if request.method == "POST" and form.is_valid():
        try:
            item = actions.add_item(
                meeting=meeting, by=user, heading=form.cleaned_data["heading"], words=form.cleaned_data["words"]
            )
        except actions.Locked:
            return too_late(request, visible_meeting(user, pk))
        return redirect(item)
    return render(request, "improvement/meetings/item.html", {"form": form, "meeting": meeting})


def written_item(user: User, pk: int) -> AgendaItem:
    """An item of a meeting the person writes in. 404 and 403 as everywhere."""
    item = get_object_or_404(
        AgendaItem.objects.filter(meeting__in=Meeting.objects.visible_to(user).values("pk")), pk=pk
    )
    item.meeting = written_meeting(user, item.meeting_id)
    return item


def own_item(user: User, pk: int) -> AgendaItem:
    """An item the person may reword or take off: any where they write the agenda, else their own point."""
    rows = AgendaItem.objects.filter(meeting__in=Meeting.objects.visible_to(user).values("pk"))
    item = get_object_or_404(rows, pk=pk)
    item.meeting = visible_meeting(user, item.meeting_id)
    writes = MeetingPart.WRITER in meeting_access.parts_in_forum(item.meeting.forum, user)
    if not writes and (item.kind != OWN or item.brought_by_id != user.pk):
        raise PermissionDenied
    return item


@require_http_methods(["GET", "POST"])
def reword(request: HttpRequest, pk: int) -> HttpResponse:
    """Say it in one's own words."""
    user = visitor(request)
    item = own_item(user, pk)
    if not meeting_access.may_reword(item, user):
        return too_late(request, item.meeting)
    form = ItemForm(request.POST if request.method == "POST" else None, item=item, forum=item.meeting.forum)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            actions.reword_item(
                item=item, by=user, heading=cleaned["heading"], words=cleaned["words"], seen=cleaned["seen"] or 0
            )
        except actions.Locked:
            return too_late(request, visible_meeting(user, item.meeting_id))
        except actions.WrittenMeanwhile:
            form.beside(written_item(user, pk))
        else:
            return redirect(item)
    return render(request, "improvement/meetings/item.html", {"form": form, "meeting": item.meeting, "item": item})


@require_POST
def arrange(request: HttpRequest, pk: int, how: str) -> HttpResponse:
    """Up, down, onto the agenda or off it."""
    user = visitor(request)
    item = own_item(user, pk) if how == "ut" else written_item(user, pk)
    if how == "ut" and not meeting_access.may_reword(item, user):
        return too_late(request, item.meeting)
    if how == "ut" and meeting_access.asks_why(item, user):
        return redirect("meetings:take_off", pk)
    try:
        if how in ("opp", "ned"):
            actions.move_item(item=item, by=user, up=how == "opp")
        else:
            actions.choose_item(item=item, by=user, chosen=how == "inn")
    except actions.Locked:
        return too_late(request, visible_meeting(user, item.meeting_id))
    return redirect(item)


@require_http_methods(["GET", "POST"])
def take_off(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's point comes off the agenda, with a word to whoever suggested it; one's own without."""
    user = visitor(request)
    item = own_item(user, pk)
    if not meeting_access.may_reword(item, user):
        return too_late(request, item.meeting)
    if not meeting_access.asks_why(item, user):
        return redirect(item)
    form = TakeOffForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_item(item=item, by=user, chosen=False, why=form.cleaned_data["why"])
        except actions.Locked:
            return too_late(request, visible_meeting(user, item.meeting_id))
        messages.success(request, _("It is off the agenda. Whoever suggested it reads why."))
        return redirect(item.meeting)
    return render(request, "improvement/meetings/take_off.html", {"form": form, "meeting": item.meeting, "item": item})


# In the meeting


@require_GET
def wall(request: HttpRequest, pk: int) -> HttpResponse:
    """One item at a time, to be read from across the room. Nobody's name is on it but those of the actions."""
    user = visitor(request)
    meeting = visible_meeting(user, pk)
    agenda, _rest = shown(user, meeting)
    number = request.GET.get("punkt", "")
    here = next((n for n, item in enumerate(agenda) if str(item.pk) == number), 0)
    return _picture(request, user, meeting, agenda, here, None)


def _picture(
    request: HttpRequest,
    user: User,
    meeting: Meeting,
    agenda: list[AgendaItem],
    here: int,
    form: MinuteForm | None,
) -> HttpResponse:
    return render(
        request,
        "improvement/meetings/wall.html",
        {
            "meeting": meeting,
            "item": agenda[here] if agenda else None,
            "number": here + 1,
            "of": len(agenda),
            "before": agenda[here - 1] if agenda and here else None,
            "after": agenda[here + 1] if here + 1 < len(agenda) else None,
            "form": form,
            "may_write": meeting_access.may_write(meeting, user),
        },
    )


@require_http_methods(["GET", "POST"])
def minute(request: HttpRequest, pk: int) -> HttpResponse:
    """What the meeting says about one item: the four questions, the decision, who and by when."""
    user = visitor(request)
    item = written_item(user, pk)
    meeting = item.meeting
    if not meeting.is_open:
        return too_late(request, meeting)
    form = MinuteForm(
        request.POST if request.method == "POST" else None, item=item, members=list(members_of(meeting.forum))
    )
    agenda, rest = shown(user, meeting)
    if not item.chosen:
        agenda = [each for each in rest if each.pk == item.pk]
    here = next((n for n, each in enumerate(agenda) if each.pk == item.pk), 0)
    if request.method == "POST" and form.is_valid():
        try:
            actions.minute(item=item, by=user, **form.minuted())
        except actions.Locked:
            return too_late(request, visible_meeting(user, meeting.pk))
        except actions.WrittenMeanwhile:
            form.beside(written_item(user, pk))
        except actions.CannotOwn:
            form.add_error("owner", _("This person can't have the action. Choose somebody else."))
        else:
            messages.success(request, _("Kept."))
            if here + 1 < len(agenda) and "next" in request.POST:
                return redirect("meetings:minute", agenda[here + 1].pk)
            return redirect(meeting)
    return _picture(request, user, meeting, agenda, here, form)


# On paper


@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda before the meeting, the minutes after it, as a PDF to print and keep."""
    user = visitor(request)
    meeting = visible_meeting(user, pk)
    agenda, _rest = shown(user, meeting)
    context = {
        "meeting": meeting,
        "forum": meeting.forum,
        "agenda": agenda,
        "attendance": list(meeting.attendance.select_related("user").order_by("user__name", "pk")),
    }
    name = f"{meeting.forum.name} {timezone.localdate(meeting.starts_at):%Y-%m-%d}"
    back = meeting.get_absolute_url()
    return on_paper(request, "improvement/meetings/paper.html", context, name=name, back=back)

"""Forums: those one is in, those one can join, who takes part, and the meetings of each."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations.views.visiting import visitor
from improvement import actions, meeting_access
from improvement.forms.meeting import ChangeForumForm, ForumForm, MemberForm
from improvement.meeting_lifecycle import MeetingPart
from improvement.models import Forum, Meeting
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.organisation.models import User
from kvalitetslosen.workdays import midnight

SHOWN = 60


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """When do I meet whom, and about what?"""
    user = visitor(request)
    mine = Forum.objects.visible_to(user).going()
    coming = Meeting.objects.visible_to(user).planned().filter(starts_at__gte=midnight(timezone.localdate()))
    return render(
        request,
        "improvement/meetings/list.html",
        {
            "coming": list(coming.select_related("forum__leader").order_by("starts_at", "pk")[:SHOWN]),
            "forums": list(
                mine.select_related("unit", "network", "leader")
                .annotate(size=Count("members"))
                .order_by("name", "pk")[:SHOWN]
            ),
            "to_join": list(
                Forum.objects.to_join(user).select_related("network", "unit").order_by("name", "pk")[:SHOWN]
            ),
            "may_found": meeting_access.may_found(user),
            "user_id": user.pk,
        },
    )


@require_http_methods(["GET", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """Begin a forum; whoever does leads it."""
    user = visitor(request)
    if not meeting_access.may_found(user):
        raise PermissionDenied
    form = ForumForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        forum = actions.found_forum(by=user, **form.begun(user))
        messages.success(request, _("The forum is there. Say who takes part, and plan the first meeting."))
        return redirect(forum)
    return render(request, "improvement/meetings/found.html", {"form": form})


def visible_forum(user: User, pk: int) -> Forum:
    """The forum, or 404 for whoever isn't in it."""
    rows = Forum.objects.visible_to(user).select_related("unit", "network", "leader", "secretary")
    return get_object_or_404(rows, pk=pk)


def led_forum(user: User, pk: int) -> Forum:
    """The same, for whoever leads it."""
    forum = visible_forum(user, pk)
    if MeetingPart.LEADER not in meeting_access.parts_in_forum(forum, user):
        raise PermissionDenied
    return forum


def members_of(forum: Forum) -> QuerySet[User]:
    return forum.members.filter(is_active=True).select_related("municipality").order_by("name", "pk")


def _page(request: HttpRequest, user: User, forum: Forum, form: MemberForm | None) -> HttpResponse:
    meetings = forum.meetings.order_by("-starts_at", "-pk")
    parts = meeting_access.parts_in_forum(forum, user)
    return render(
        request,
        "improvement/meetings/forum.html",
        {
            "forum": forum,
            "members": list(members_of(forum)[:SHOWN]),
            "meetings": list(meetings[:SHOWN]),
            "form": form,
            "may_write": MeetingPart.WRITER in parts and forum.is_going,
            "may_lead": MeetingPart.LEADER in parts and forum.is_going,
            "may_leave": MeetingPart.LEADER not in parts,
            "user_id": user.pk,
            "told": tell(Event.objects.about(forum).order_by("-number")[:SHOWN], user),
        },
    )


@require_GET
def forum_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in it, when does it meet, what was said?"""
    user = visitor(request)
    forum = visible_forum(user, pk)
    leads = MeetingPart.LEADER in meeting_access.parts_in_forum(forum, user)
    return _page(request, user, forum, MemberForm(user=user) if leads and forum.is_going else None)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, leader or rhythm."""
    user = visitor(request)
    forum = led_forum(user, pk)
    members = list(members_of(forum)[:SHOWN])
    form = ChangeForumForm(request.POST if request.method == "POST" else None, forum=forum, members=members)
    if request.method == "POST" and form.is_valid():
        actions.change_forum(forum=forum, by=user, **form.changes())
        messages.success(request, _("Changed."))
        return redirect(forum)
    return render(request, "improvement/meetings/change_forum.html", {"form": form, "forum": forum})


@require_POST
def add_member(request: HttpRequest, pk: int) -> HttpResponse:
    """A colleague of one's own municipality takes part; those of others join by themselves."""
    user = visitor(request)
    forum = led_forum(user, pk)
    form = MemberForm(request.POST, user=user)
    if not form.is_valid():
        return _page(request, user, forum, form)
    person = form.cleaned_data["person"]
    if person is None:
        return redirect(forum)
    try:
        new = actions.add_member(forum=forum, by=user, user=person)
    except actions.ForumEnded:
        return ended(request, forum)
    if new:
        messages.success(request, _("%(name)s is in it.") % {"name": person.name})
    else:
        messages.info(request, _("%(name)s is in it already.") % {"name": person.name})
    return redirect(forum)


def ended(request: HttpRequest, forum: Forum) -> HttpResponse:
    messages.warning(request, _("The forum is ended. Begin a new one, or ask whoever led it."))
    return redirect(forum)


@require_POST
def remove_member(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Whoever leads it takes somebody out, or somebody leaves."""
    user = visitor(request)
    forum = visible_forum(user, pk)
    if person != user.pk and MeetingPart.LEADER not in meeting_access.parts_in_forum(forum, user):
        raise PermissionDenied
    somebody = get_object_or_404(forum.members, pk=person)
    if not actions.remove_member(forum=forum, by=user, user=somebody):
        messages.warning(request, _("Whoever leads the forum stays in it. Let somebody else lead it first."))
        return redirect(forum)
    if person == user.pk:
        messages.success(request, _("You are not in the forum any more."))
        return redirect("meetings:list")
    messages.success(request, _("%(name)s is not in it any more.") % {"name": somebody.name})
    return redirect(forum)


@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """A leader joins a forum of a network the municipality is in."""
    user = visitor(request)
    if Forum.objects.visible_to(user).filter(pk=pk).exists():
        return redirect("meetings:forum", pk)
    forum = get_object_or_404(Forum.objects.to_join(user), pk=pk)
    try:
        actions.add_member(forum=forum, by=user, user=user)
    except actions.ForumEnded as gone:
        raise Http404 from gone
    messages.success(request, _("You are in it. What is written in the meetings is read in all the municipalities."))
    return redirect(forum)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """It meets no more; its minutes stay."""
    user = visitor(request)
    forum = led_forum(user, pk)
    actions.end_forum(forum=forum, by=user)
    messages.success(request, _("The forum is ended. The minutes stay with its members."))
    return redirect("meetings:list")

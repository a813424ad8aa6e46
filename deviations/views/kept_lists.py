"""Lists somebody keeps: made from what one looks at, opened, shared, followed, changed, deleted."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deviations import actions, kept_lists
from deviations.forms.kept_lists import KeptListForm
from deviations.models import MOST_FOLLOWED, MOST_KEPT, Following, KeptList
from deviations.views.visiting import visitor
from deviations.views.wall import places
from kvalitetslosen.organisation.models import User

MOST_SHOWN = 100


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """One's own lists and those shared with one, in words, with what can be done with each."""
    user = visitor(request)
    rows = KeptList.objects.visible_to(user).select_related("owner", "shared_with").order_by("name", "pk")
    found = list(rows[:MOST_SHOWN])
    followed = set(Following.objects.filter(user=user).values_list("kept_list", flat=True))
    said = kept_lists.described(user, [row.query for row in found])
    lines = [(row, words, row.pk in followed) for row, words in zip(found, said, strict=True)]
    return render(
        request,
        "deviations/lists/overview.html",
        {
            "own": [line for line in lines if line[0].owner_id == user.pk],
            "shared": [line for line in lines if line[0].owner_id != user.pk],
        },
    )


@require_GET
def open_list(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The cases that answer the list now: the list of cases with its question."""
    return redirect(kept_lists.address(visible_list(visitor(request), key), reverse("deviations:list")))


@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what is looked at: its name, who sees it, whether to be mailed."""
    user = visitor(request)
    given = request.POST if request.method == "POST" else request.GET
    query = kept_lists.sanitized(asked_for(given.get("sporring", "")))
    form = KeptListForm(request.POST if request.method == "POST" else None, units=places(user))
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.keep_list(by=user, query=query, key=key_of(request.POST), **form.said)
        except (actions.TooMany, KeptList.DoesNotExist):
            said = _("You have %(n)s lists, which is as many as one can keep. Delete one first.") % {"n": MOST_KEPT}
            form.add_error(None, said)
        else:
            messages.success(request, _("The list is kept. You find it above the cases."))
            if form.cleaned_data["follow"]:
                _follow(request, kept, user)
            return redirect(kept)
    return render(
        request,
        "deviations/lists/keep.html",
        {
            "form": form,
            "query": query,
            "key": given.get("key") or uuid.uuid4(),
            "said": kept_lists.described(user, [query])[0],
            "searched": bool(asked_for(given.get("sporring", "")).get("q")),
        },
    )


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Another name, shared with others or with nobody any more."""
    user = visitor(request)
    kept = own_list(user, key)
    form = KeptListForm(request.POST if request.method == "POST" else None, units=places(user), kept=kept)
    if request.method == "POST" and form.is_valid():
        actions.change_list(kept=kept, by=user, **form.said)
        messages.success(request, _("Saved."))
        return redirect("deviations:kept_lists")
    said = kept_lists.described(user, [kept.query])[0]
    return render(request, "deviations/lists/edit.html", {"form": form, "kept": kept, "said": said})


@require_POST
def ask_otherwise(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Let the list ask what is looked at now: filter, columns and order."""
    kept = own_list(visitor(request), key)
    actions.ask_otherwise(kept=kept, query=kept_lists.sanitized(asked_for(request.POST.get("sporring", ""))))
    messages.success(request, _("The list now shows what you look at."))
    return redirect(kept)


@require_POST
def remove(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Away with the list; the cases stay. Gone already: nothing happens."""
    user = visitor(request)
    if KeptList.objects.filter(key=key).exists():
        actions.remove_list(kept=own_list(user, key), by=user)
        messages.success(request, _("The list is deleted. The cases are where they were."))
    return redirect("deviations:kept_lists")


@require_POST
def follow(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Be mailed each week, or not any more (``slutt``)."""
    user = visitor(request)
    kept = visible_list(user, key)
    if "slutt" in request.POST:
        actions.stop_following(kept=kept, by=user)
        messages.success(request, _("You get no more mail about this list."))
    else:
        _follow(request, kept, user)
    return redirect("deviations:kept_lists")


def _follow(request: HttpRequest, kept: KeptList, user: User) -> None:
    try:
        actions.follow(kept=kept, by=user)
    except actions.TooMany:
        said = _("You are mailed about %(n)s lists, which is as many as one can be. Stop the mail about one first.")
        messages.warning(request, said % {"n": MOST_FOLLOWED})
    else:
        messages.success(request, _("The weekly mail tells you how many cases are in it."))


def visible_list(user: User, key: uuid.UUID) -> KeptList:
    return get_object_or_404(KeptList.objects.visible_to(user).select_related("shared_with"), key=key)


def own_list(user: User, key: uuid.UUID) -> KeptList:
    """404 for a list the person doesn't see, 403 for one that is somebody else's."""
    kept = visible_list(user, key)
    if kept.owner_id != user.pk:
        raise PermissionDenied
    return kept


def asked_for(text: str) -> QueryDict:
    return QueryDict(text[:2000])


def key_of(given: QueryDict) -> uuid.UUID:
    """The form's own key; a new one where somebody has written in it."""
    try:
        return uuid.UUID(given.get("key", ""))
    except ValueError:
        return uuid.uuid4()

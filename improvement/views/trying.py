"""«We tried it»: what came of a story in another unit."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deviations.views.visiting import visitor
from improvement import actions, story_access
from improvement.forms.telling import TryForm
from improvement.models import Adoption
from improvement.views.telling import visible_story


@require_http_methods(["GET", "POST"])
def tried(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of it where we tried it."""
    user = visitor(request)
    story = visible_story(user, pk)
    units = story_access.units_that_try(story, user)
    if not units:
        raise PermissionDenied
    said = Adoption.objects.filter(story=story, unit__in=units).order_by("unit__depth", "pk").last()
    initial = {"unit": str(said.unit_id), "helped": said.helped, "words": said.words} if said else {}
    if not said:
        initial["unit"] = str(units[-1].pk)
    form = TryForm(request.POST if request.method == "POST" else None, units=units, initial=initial)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        row = actions.try_story(
            story=story, by=user, unit=form.units[cleaned["unit"]], helped=cleaned["helped"], words=cleaned["words"]
        )
        messages.success(request, _("Said. It counts for whoever told it, and others read your result."))
        return redirect(row)
    return render(request, "improvement/stories/tried.html", {"form": form, "story": story})

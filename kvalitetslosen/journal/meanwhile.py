"""What is said to whoever comes too late for a step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell


def too_late(request: HttpRequest, row: Any, back: str = "") -> HttpResponse:
    """The step isn't possible as things are: say what happened instead of doing anything."""
    event = Event.objects.about(row).last()
    what = tell([event], None)[0].sentence if event else ""
    messages.warning(request, _("Somebody was here before you: %(what)s Look at it again.") % {"what": what})
    return redirect(back or row)

"""What the pages of one step share: form and verb, the way back, and what is said to whoever comes too late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import tell
from kvalitetslosen.organisation.models import User


@dataclass(frozen=True)
class StepPage:
    """One step: what is asked, what then happens, and what is said afterwards."""

    form: type[Any]
    verb: Any
    done: Any
    lead: Any = ""


def back_to(user: User, row: Any, otherwise: str) -> str:
    """The address of the row, or ``otherwise`` when it is out of sight now."""
    if type(row)._default_manager.visible_to(user).filter(pk=row.pk).exists():
        return str(row.get_absolute_url())
    return otherwise


def too_late(request: HttpRequest, row: Any, back: str = "") -> HttpResponse:
    """The step isn't possible as things are: say what happened instead of doing anything."""
    event = Event.objects.about(row).last()
    what = tell([event], None)[0].sentence if event else ""
    messages.warning(request, _("Somebody was here before you: %(what)s Look at it again.") % {"what": what})
    return redirect(back or row)

"""One step for many documents: send them to approval, approve them, or let them apply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from documents import access
from documents.actions import many as actions
from documents.forms.life import ManyForm, SendManyForm
from documents.models import Version
from documents.views.visiting import visitor
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import in_words


@dataclass(frozen=True)
class Step:
    name: str  # in the address
    title: Any
    advice: Any
    button: Any
    which: Callable[[User], QuerySet[Version]]
    verb: Callable[..., actions.Outcome]
    form: type[ManyForm] = ManyForm


STEPS = (
    Step(
        "godkjenn", gettext_lazy("To approve"),
        gettext_lazy("Tick those you have read. You answer for what they say."),
        gettext_lazy("Approve those ticked"), actions.to_approve, actions.approve_many,
    ),
    Step(
        "send", gettext_lazy("To send to approval"), "",
        gettext_lazy("Send those ticked"), actions.to_send, actions.send_many, SendManyForm,
    ),
    Step(
        "i-kraft", gettext_lazy("To put in force"),
        gettext_lazy("Nobody else has to approve documents of these types."),
        gettext_lazy("Put those ticked in force"), actions.to_put_in_force, actions.put_many_in_force,
    ),
    Step(
        "hentet", gettext_lazy("Taken in, approved elsewhere"),
        gettext_lazy(
            "Nobody has changed them since they were taken in. "
            "They apply as they were approved before they came here, and you answer for that."
        ),
        gettext_lazy("Let those ticked apply"), actions.to_take_in, actions.take_many_in,
    ),
)  # fmt: skip


def rows_of(step: Step, user: User) -> list[Version]:
    """What the person can take the step for, the unit's own together; not more than are taken at once."""
    rows = (
        step.which(user)
        .select_related("document__unit", "document__type", "author", "edited_by")
        .order_by("document__unit__name", "title", "pk")[: actions.MOST]
    )
    if step.name != "i-kraft":
        return list(rows)
    return [each for each in rows if access.answers_for_reach(each.document, user)]


@require_http_methods(["GET", "POST"])
def many(request: HttpRequest) -> HttpResponse:
    """Which of these can go on, and how?"""
    user = visitor(request)
    asked = request.GET.get("steg", "")
    counts = {step.name: step.which(user).count() for step in STEPS}
    usual = next((step for step in STEPS if counts[step.name]), STEPS[1])
    step = next((each for each in STEPS if each.name == asked), usual)
    rows = rows_of(step, user)
    form = step.form(request.POST if request.method == "POST" else None, user=user)
    left: list[tuple[Version, str]] = []
    ticked: set[int] = set()
    if request.method == "POST":
        ticked = {int(each) for each in request.POST.getlist("version") if each.isdecimal() and len(each) < 18}
        chosen = [each for each in rows if each.pk in ticked]
        if not chosen:
            messages.warning(request, _("Tick the documents it is about first."))
        elif form.is_valid():
            outcome = step.verb(versions=chosen, by=user, **form.cleaned_data)
            if outcome.done:
                said = ngettext("Done for one document.", "Done for %(count)s documents.", outcome.done)
                messages.success(request, said % {"count": in_words(outcome.done)})
            if not outcome.left:
                return redirect(_address(step))
            left = outcome.left
            rows = rows_of(step, user)
    return render(
        request,
        "documents/many.html",
        {
            "step": step,
            "rows": rows,
            "ticked": ticked,
            "left": left,
            "form": form,
            "tabs": [
                (each.title, _address(each), each is step, counts[each.name])
                for each in STEPS
                if counts[each.name] or each is step
            ],
            "address": _address(step),
            "more": counts[step.name] > actions.MOST,
        },
    )


def _address(step: Step) -> str:
    return f"{reverse('documents:many')}?steg={step.name}"

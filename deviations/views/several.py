"""Working several cases at once: chosen in the list, looked at once more, done one by one, and told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deviations import several
from deviations.forms.several import FORMS
from deviations.several import MEANT, Doing
from deviations.views.steps import told_meanwhile
from deviations.views.visiting import visitor


@require_http_methods(["GET", "POST"])
def work(request: HttpRequest) -> HttpResponse:
    """First what will be done with which cases, and with which not; then what was done."""
    user = visitor(request)
    given = request.POST if request.method == "POST" else request.GET
    doing = given.get("gjor", "")
    seen = asked_for(given)
    rows = several.chosen_by(user, seen)
    back = back_to(given)
    if doing not in Doing.values or not rows:
        messages.warning(request, _("Choose the cases first, and then what is to be done with them."))
        return redirect(back)
    chosen = several.sorted_out(user, doing, rows)
    form = FORMS[doing](request.POST if request.method == "POST" else None, user=user, rows=chosen.fit)
    if request.method == "POST" and chosen.fit and form.is_valid():
        how = form.how()
        staying = [row for row in chosen.fit if row != how.get("into")]
        outcome = several.carry_out(user, doing, staying, seen, lambda refused: told_meanwhile(refused, user), how)
        outcome.not_done += chosen.left
        return render(
            request,
            "deviations/several/done.html",
            {"doing": Doing(doing), "outcome": outcome, "into": how.get("into"), "back": back},
        )
    return render(
        request,
        "deviations/several/preview.html",
        {
            "doing": Doing(doing),
            "meant": MEANT[doing],
            "chosen": chosen,
            "form": form,
            "asks": bool(form.fields),
            "back": back,
            "enough": len(chosen.fit) >= (2 if doing == Doing.MERGE else 1),
        },
    )


def asked_for(given: QueryDict) -> dict[str, int]:
    """The cases by number, each with how many events it had when the person looked; -1 where that isn't said."""
    found: dict[str, int] = {}
    for value in given.getlist("sak")[: several.MOST]:
        reference, _colon, number = value.partition(":")
        found[reference[:24].upper()] = int(number) if number.isdecimal() and len(number) < 9 else -1
    return found


def back_to(given: QueryDict) -> str:
    """The list as it was looked at."""
    query = QueryDict(given.get("tilbake", "")[:1000], mutable=True)
    return f"{reverse('deviations:list')}?{query.urlencode()}"

"""Parts of an action: let somebody do one, tick one's own, take one away."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from improvement import access, actions
from improvement.forms.parting import PartForm
from improvement.models import ActionPart
from improvement.views.acting import visible_action, visitor


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Which part, who, by when."""
    user = visitor(request)
    action = visible_action(user, pk)
    if not access.may_divide(action, access.parts_of(action, user)):
        if not action.is_open:
            return _ended(request, action.get_absolute_url())
        raise PermissionDenied
    form = PartForm(request.POST if request.method == "POST" else None, user=user, action=action)
    if request.method == "POST" and form.is_valid():
        try:
            part = actions.add_part(action=action, by=user, **form.cleaned_data)
        except actions.CannotOwn:
            form.add_error("owner", _("This person can't have the action. Choose somebody else."))
        except actions.PartTooLate:
            form.add_error("due_on", _("The deadline of the action was moved. Choose an earlier day."))
        except actions.ActionEnded:
            return _ended(request, action.get_absolute_url())
        else:
            messages.success(request, _("%(name)s does this part.") % {"name": part.owner.name})
            return redirect(part)
    return render(request, "improvement/parts/add.html", {"form": form, "action": action})


@require_POST
def step(request: HttpRequest, pk: int, part: int, name: str) -> HttpResponse:
    """Tick one's own part, take the tick back, or take the part away."""
    user = visitor(request)
    action = visible_action(user, pk)
    row = get_object_or_404(ActionPart.objects.select_related("action", "owner"), pk=part, action=action)
    if name == "fjern":
        if action.is_open and not access.may_divide(action, access.parts_of(action, user)):
            raise PermissionDenied
    elif row.owner_id != user.pk:
        raise PermissionDenied
    try:
        if name == "fjern":
            actions.remove_part(part=row, by=user)
        else:
            actions.tick_part(part=row, by=user, done=name == "gjort")
    except actions.ActionEnded:
        return _ended(request, action.get_absolute_url())
    said = {
        "gjort": _("Your part is done. Well done!"),
        "angre": _("Your part is not done yet."),
        "fjern": _("The part is taken away."),
    }
    messages.success(request, said[name])
    return redirect(row)


def _ended(request: HttpRequest, url: str) -> HttpResponse:
    messages.warning(request, _("The action has ended, so its parts stand as they were."))
    return redirect(url)

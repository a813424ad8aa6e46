"""Pages that belong to no module: the accessibility statement, and every component on one page."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kvalitetslosen.ui.style import examples


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for everyone, what doesn't yet, and whom to tell. Open to all, as the law on accessibility asks."""
    return render(request, "ui/accessibility.html")


@require_safe
@login_not_required
def style(request: HttpRequest) -> HttpResponse:
    """Every component, for those who build and test. `?errors` shows the form as it is after a mistake."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    return render(request, "ui/style.html", examples(with_errors="errors" in request.GET))

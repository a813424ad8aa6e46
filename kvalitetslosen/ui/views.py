"""Pages that belong to no module: the accessibility statement, every component on one page, the app on a phone."""

import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kvalitetslosen.ui import registry
from kvalitetslosen.ui.context import address
from kvalitetslosen.ui.style import examples
from kvalitetslosen.ui.templatetags.ui import asset


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


@require_safe
@login_not_required
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: its core and each module's part. The same for everybody, and new when any of them is."""
    scripts = [asset(path) for path in ("js/worker.js", *registry.worker_scripts(), "js/unsent-worker.js")]
    forms = [
        {"page": address(form.page), "copy": address(form.copy), "draft": form.draft, "unless": form.unless}
        for form in registry.unsent_forms()
    ]
    unsent = {"forms": forms, "list": address("ui:unsent"), "who": address("ui:who_sends")}
    text = f"const UNSENT = {json.dumps(unsent)};\nimportScripts(...{json.dumps(scripts)});\n"
    response = HttpResponse(text, content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@login_not_required
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to know to put the product on its home screen."""
    icons = [
        {"src": asset("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": asset("img/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {"src": asset("img/icon-maskable.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    said = {
        "id": "/",
        "name": "KvalitetsLosen",
        "short_name": "KvalitetsLosen",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#0b4845",
        "theme_color": "#0b4845",
        "icons": icons,
    }
    return JsonResponse(said, content_type="application/manifest+json", headers={"Cache-Control": "max-age=86400"})


@require_safe
def unsent(request: HttpRequest) -> HttpResponse:
    """What waits on this device to be sent. Only the device knows, so its scripts write the list."""
    forms = [address(form.copy) for form in registry.unsent_forms()]
    return render(request, "ui/unsent.html", {"copy": forms[0] if forms else None})


@require_safe
def who_sends(request: HttpRequest) -> JsonResponse:
    """For the device's worker: who is logged in, and the token without which nothing is taken."""
    return JsonResponse({"user": str(request.user.pk), "token": get_token(request)})

"""The morning page: what needs me now?"""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.registry import today_sections


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Each module's section that has something for this person, the most pressing first."""
    user = cast("User", request.user)
    sections: list[SafeString] = []
    asides: list[SafeString] = []
    count, first = 0, ""
    for section in today_sections():
        if (context := section.context(user)) is not None:
            count += context.get("count", 0)
            if not first and context.get("count") and context.get("rows"):
                first = context["rows"][0].get_absolute_url()
            place = asides if section.aside else sections
            place.append(render_to_string(section.template, context, request=request))
    return render(
        request,
        "today.html",
        {
            "sections": sections,
            "asides": asides,
            "count": count,
            "first": first,
            "greeting": greeting(timezone.localtime().hour),
        },
    )


def greeting(hour: int) -> str:
    """By the clock in Norway."""
    if 5 <= hour < 10:
        return _("Good morning.")
    if 10 <= hour < 18:
        return _("Good day.")
    return _("Good evening.")

"""The morning page: what needs me now?"""

from __future__ import annotations

from typing import cast

from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.registry import TodaySection, today_sections


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Each module's section that has something for this person, the most pressing first."""
    user = cast("User", request.user)
    sections: list[SafeString] = []
    asides: list[SafeString] = []
    count, first = 0, ""
    for section in sections_with_rows(user):
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


def sections_with_rows(user: User) -> list[TodaySection]:
    """Those that may have something to show. Of those that say what they look for, whoever has any: one query."""
    sections = {f"section_{place}": section for place, section in enumerate(today_sections())}
    asked = {name: Exists(each.rows(user).order_by()) for name, each in sections.items() if each.rows}
    there = User.objects.values("pk", **asked).get(pk=user.pk)
    return [each for name, each in sections.items() if there.get(name, True)]


def greeting(hour: int) -> str:
    """By the clock in Norway."""
    if 5 <= hour < 10:
        return _("Good morning.")
    if 10 <= hour < 18:
        return _("Good day.")
    return _("Good evening.")

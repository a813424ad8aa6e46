"""How stories are written in lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from improvement.models import LearningStory
from kvalitetslosen.ui.templatetags import ui

register = template.Library()


@register.simple_tag
def story_lines(rows: Iterable[LearningStory], names: Mapping[int, str], here: int, view: str) -> SafeString:
    """Title, where from as far as it is told, what about, and how many tried it and were helped."""
    address = reverse("stories:list")
    return format_html_join(
        "",
        '<li><a class="los-list__main" href="{}{}/">{}</a><span class="los-list__meta los-list__facts">'
        "<span>{}</span> {}</span></li>",
        (
            (
                address,
                row.pk,
                row.title,
                " · ".join(filter(None, (_place(row, names, here), row.category.label if row.category else ""))),
                _count(row) if row.is_published else ui.tag(row.get_state_display()),
            )
            for row in rows
        ),
    )


def _place(row: LearningStory, names: Mapping[int, str], here: int) -> str:
    municipality = names.get(row.level_0 or 0, "")
    if row.hides_unit:
        return municipality
    return row.unit.name if row.level_0 == here else f"{row.unit.name}, {municipality}"


def _count(row: LearningStory) -> SafeString | str:
    tried, helped = getattr(row, "tried_count", 0), getattr(row, "helped_count", 0)
    if not tried:
        return ""
    words = ngettext("tried in %(n)d unit, helped %(helped)d", "tried in %(n)d units, helped %(helped)d", tried)
    return ui.tag(words % {"n": tried, "helped": helped}, "success" if helped else "neutral")

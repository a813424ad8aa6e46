"""What pages of figures have in common."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kvalitetslosen.figures.tabs import links
from kvalitetslosen.ui.templatetags.ui import tabs

register = template.Library()


@register.simple_tag(takes_context=True)
def figure_tabs(context: dict[str, Any]) -> SafeString:
    """{% figure_tabs %}: the pages of figures the person has, this one marked."""
    page = context["page"]
    found = links(page.user, page.request.path) if page.user else []
    return tabs(found, gettext("Pages of figures")) if found else SafeString("")

"""The overview among the pages of figures, and a short of it on the morning page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from improvement.overview import may_look
from kvalitetslosen.figures.tabs import Tab, register_tab
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.registry import TodaySection, register_today


def changed(user: User) -> dict[str, Any] | None:
    """Asked for by the page itself once it is shown: nobody waits for it."""
    return {} if may_look(user) else None


register_tab(Tab(_("What has changed"), "overview:overview", order=5, visible=may_look))
register_today(TodaySection(order=66, template="improvement/today/overview.html", context=changed, aside=True))

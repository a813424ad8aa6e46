"""Ready reports among the pages of figures, in the menu of those who have no other, and in the settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kvalitetslosen.figures.tabs import Tab, register_tab
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.organisation.pages import SettingPage, register_setting_page
from kvalitetslosen.reports.access import has_page
from kvalitetslosen.reports.models import SHARED_WITH
from kvalitetslosen.ui.registry import MenuEntry, register_menu


def reads_shared_only(user: User) -> bool:
    """Those who have no figures of their own to find them beside."""
    standing = user.standing
    others = [role for role in SHARED_WITH if role != Role.OCCUPATIONAL_HEALTH]
    return standing.has(Role.OCCUPATIONAL_HEALTH) and not standing.has(*others)


register_tab(Tab(pgettext_lazy("tab", "Ready reports"), "reports:list", order=40, visible=has_page))
register_menu(MenuEntry(_("Ready reports"), "reports:list", order=33, icon="chart", visible=reads_shared_only))
register_setting_page(
    SettingPage(
        _("What an hour costs"),
        _("For the report of what time costs. Without it there is no such report."),
        "reports:prices",
        order=60,
    )
)

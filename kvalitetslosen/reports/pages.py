"""Ready reports among the pages of figures, in the menu of those who have no other, and in the settings."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.figures.question import Question
from kvalitetslosen.figures.tabs import Tab, register_tab
from kvalitetslosen.figures.uses import Use, register_use
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.organisation.pages import SettingPage, register_setting_page
from kvalitetslosen.reports.access import has_page, may_add
from kvalitetslosen.reports.actions import forget_recipient
from kvalitetslosen.reports.lifecycle import State
from kvalitetslosen.reports.models import SHARED_WITH, Report, written_by
from kvalitetslosen.reports.registry import kinds_of
from kvalitetslosen.ui.registry import MenuEntry, register_menu


def reads_shared_only(user: User) -> bool:
    """Those who have no figures of their own to find them beside."""
    standing = user.standing
    others = [role for role in SHARED_WITH if role != Role.OCCUPATIONAL_HEALTH]
    return standing.has(Role.OCCUPATIONAL_HEALTH) and not standing.has(*others)


DRAFTS = 10


def drafts_for(question: Question) -> Use | None:
    """The drafts the question can be put into: of its unit or one above, which the person writes."""
    user, unit = question.user, question.unit
    if question.sight.protected or not any(kind.writes(user, unit) for kind in kinds_of(user)):
        return None
    rows = Report.objects.filter(written_by(user), state=State.DRAFT, unit__in=unit.ancestor_ids)
    drafts = rows.select_related("unit").order_by("-created_at", "-pk")[:DRAFTS]
    address = question.address()
    return Use(
        gettext("Put it into a report"),
        [
            (each.title, f"{reverse('reports:add_figures', args=[each.pk])}?{address}")
            for each in drafts
            if may_add(each, user)
        ],
        gettext("You have no draft of this unit. Open a ready report and choose “Write the report” first."),
    )


register_use(drafts_for)
if forget_recipient not in handover.on_left:
    handover.on_left.append(forget_recipient)
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

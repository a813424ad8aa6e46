"""The channel in the menu, on the morning page of those who receive, and among the settings."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.whistle.models import WhistleCase, WhistleRecipient
from kvalitetslosen.organisation.models import User
from kvalitetslosen.organisation.pages import SettingPage, register_setting_page
from kvalitetslosen.ui.registry import MenuEntry, TodaySection, register_menu, register_today

SHOWN = 8


def receiving(user: User) -> QuerySet[WhistleRecipient]:
    return WhistleRecipient.objects.in_place().filter(user=user)


def waiting(user: User) -> dict[str, Any] | None:
    """What waits for the recipients; the way in when nothing does."""
    today = timezone.localdate()
    waits = Q(waits_since__isnull=False) | Q(acknowledged_at=None) | Q(protect_on__lte=today, erased_at=None)
    rows = list(WhistleCase.objects.visible_to(user).filter(waits).order_by("receipt_by", "pk")[:SHOWN])
    return {"rows": rows, "count": len(rows)}


register_menu(MenuEntry(_("Blow the whistle"), "deviations:whistle", order=90, icon="alert"))
register_today(TodaySection(order=4, template="deviations/whistle/today.html", context=waiting, rows=receiving))
register_setting_page(
    SettingPage(
        _("Whistle-blowing"),
        _("Who receives it, and within how many days the whistle-blower gets a receipt."),
        "deviations:whistle_settings",
        order=13,
    )
)

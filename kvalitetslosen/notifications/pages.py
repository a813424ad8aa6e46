"""Notifications in the menu, on the morning page and among the municipality's settings."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kvalitetslosen.database.prepared import ByKey
from kvalitetslosen.notifications.messages import all_messages
from kvalitetslosen.notifications.models import Notification, NotificationQuerySet
from kvalitetslosen.notifications.reminders import all_rules
from kvalitetslosen.notifications.views import demo_mail_is_open
from kvalitetslosen.organisation.models import User
from kvalitetslosen.organisation.pages import SettingPage, register_setting_page
from kvalitetslosen.ui.registry import MenuEntry, TodaySection, register_menu, register_today

SHOWN = 3


def in_trial(user: User) -> bool:
    return demo_mail_is_open()


def unread_rows(user: User) -> NotificationQuerySet:
    """The newest notices the person hasn't read, but for what stands on the page as a task already."""
    tasks = [each.key for each in (*all_messages(), *all_rules()) if each.is_task]
    return Notification.objects.visible_to(user).unread().exclude(name__in=tasks).order_by("-pk")


def news(user: User, unread: list[Notification]) -> dict[str, Any] | None:
    return {"notices": unread[:SHOWN], "more": len(unread) > SHOWN} if unread else None


def mail_of_the_trial(user: User) -> dict[str, Any] | None:
    """The way to the mail, which in a trial nobody gets."""
    return {} if demo_mail_is_open() else None


register_menu(MenuEntry(_("Notifications"), "notifications:inbox", order=90, icon="bell"))
register_menu(MenuEntry(_("Mail (trial)"), "notifications:demo_mail", order=95, icon="envelope", visible=in_trial))
NOTICES = ByKey(lambda keys: Notification.objects.filter(pk__in=keys))
register_today(TodaySection(60, "notifications/today/news.html", news, unread_rows, NOTICES, most=SHOWN + 1))
register_today(
    TodaySection(order=99, template="notifications/today/trial.html", context=mail_of_the_trial, aside=True)
)
register_setting_page(
    SettingPage(
        _("Mail and reminders"),
        _("When they go out, and what they say."),
        "notifications:settings",
        order=40,
    )
)

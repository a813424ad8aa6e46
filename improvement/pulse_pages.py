"""The pulse on the morning page of everybody who works somewhere, and in the menu of those who lead."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from improvement.models import WORKING, PulseRound
from kvalitetslosen.organisation.models import Role, User
from kvalitetslosen.ui.registry import MenuEntry, TodaySection, register_menu, register_today


def leads(user: User) -> bool:
    return user.standing.has(Role.LEADER)


def rows(user: User) -> QuerySet[PulseRound]:
    found = PulseRound.objects.to_answer(user)
    return found if user.standing.has(*WORKING) else found.none()


def card(user: User) -> dict[str, Any] | None:
    round = rows(user).first()
    return {"round": round} if round else None


register_menu(MenuEntry(_("Pulse"), "pulse:results", order=86, visible=leads, icon="trend"))
register_today(TodaySection(order=70, template="improvement/today/pulse.html", context=card, rows=rows))

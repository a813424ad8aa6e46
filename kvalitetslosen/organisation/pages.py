"""The organisation in the menu and on the morning page, and the municipality's settings as modules add to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.organisation import history  # noqa: F401 - its sentences are registered on import
from kvalitetslosen.organisation.access import is_administrator, kept, may_have_deputies
from kvalitetslosen.organisation.actions import unit_work
from kvalitetslosen.organisation.models import Membership, Role, Unit, User
from kvalitetslosen.ui.registry import MenuEntry, TodaySection, register_menu, register_today

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


SHOWN = 8


@dataclass(frozen=True)
class SettingPage:
    """A page where a module lets the keeper of the municipality decide something."""

    label: _StrOrPromise
    text: _StrOrPromise  # one line: what is decided there
    url_name: str
    order: int = 50


_setting_pages: list[SettingPage] = []


def register_setting_page(page: SettingPage) -> None:
    _setting_pages.append(page)
    _setting_pages.sort(key=lambda each: each.order)


def setting_pages() -> tuple[SettingPage, ...]:
    return tuple(_setting_pages)


def leader_without_keeping(user: User) -> bool:
    return may_have_deputies(user) and not is_administrator(user)


register_menu(
    MenuEntry(_("Organisation"), "organisation:units", order=80, icon="organisation", visible=is_administrator)
)
register_menu(
    MenuEntry(_("Deputies"), "organisation:deputies", order=81, icon="people", visible=leader_without_keeping)
)


def without_leader(user: User) -> dict[str, Any] | None:
    """Units with people or cases that nobody leads, for those who can mend it: there until they have. One query."""
    if not is_administrator(user):
        return None
    here = Membership.objects.on(timezone.localdate()).filter(unit=OuterRef("pk"), user__is_active=True)
    in_use = Q(Exists(here))
    for work in unit_work:
        if work.needs_leader is not None:
            in_use |= Q(work.needs_leader())
    units = Unit.objects.active().filter(kept(user), in_use, ~Exists(here.filter(role=Role.LEADER)))
    wanted = units.order_by("depth", "name", "pk").values_list("pk", "name", "code", Window(Count("*")))
    rows = list(wanted[:SHOWN])
    shown = [(reverse("organisation:unit", args=[pk]), name, code) for pk, name, code, _count in rows]
    if not shown:
        return None
    count = rows[0][3]
    return {"units": shown, "count": count, "more": count > len(shown)}


register_today(TodaySection(order=70, template="organisation/today/without_leader.html", context=without_leader))

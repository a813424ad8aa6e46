"""The organisation in the menu and on the morning page, and the municipality's settings as modules add to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kvalitetslosen.organisation import history  # noqa: F401 - its sentences are registered on import
from kvalitetslosen.organisation.access import is_administrator, kept, may_have_deputies
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.organisation.routing import Leaders
from kvalitetslosen.ui.registry import MenuEntry, TodaySection, register_menu, register_today

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


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


def left_alone(user: User) -> dict[str, Any] | None:
    """Units from which cases would reach nobody, for those who can mend it."""
    if not is_administrator(user):
        return None
    leaders = Leaders.of(Q(unit__level_0=user.municipality_id), timezone.localdate())
    if leaders.nearest([user.municipality_id]):
        return None  # the topmost leader has what no other has
    units = Unit.objects.active().filter(kept(user)).order_by("depth", "name", "pk")
    alone = [unit for unit in units if leaders.nearest(unit.ancestor_ids[::-1]) is None]
    return {"units": alone[:10], "count": len(alone)} if alone else None


register_today(TodaySection(order=70, template="organisation/today/left_alone.html", context=left_alone))

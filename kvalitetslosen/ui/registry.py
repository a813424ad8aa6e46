"""What modules put in the menu and on the morning page.

A module has a `pages.py`, found as Django's admin finds `admin.py`:

    register_menu(MenuEntry(_("Deviations"), "deviations:list", order=20, icon="deviation"))
    register_today(TodaySection(order=10, template="deviations/today/to_receive.html", context=to_receive))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from kvalitetslosen.organisation.models import User


def everyone(user: User) -> bool:
    """Visible to every person who is logged in."""
    return True


@dataclass(frozen=True)
class MenuEntry:
    """A link in the menu. `visible` is asked on every page: it may look at what the user carries, never query."""

    label: _StrOrPromise
    url_name: str
    order: int
    visible: Callable[[User], bool] = everyone
    icon: str = "chevron-right"
    action: bool = False  # something one does (report), set apart from the places one goes to


@dataclass(frozen=True)
class TodaySection:
    """A part of the morning page. `context` returns None when nothing waits there; the section is then left out."""

    order: int
    template: str
    context: Callable[[User], dict[str, Any] | None]


_menu: list[MenuEntry] = []
_today: list[TodaySection] = []


def register_menu(entry: MenuEntry) -> None:
    _menu.append(entry)
    _menu.sort(key=lambda each: each.order)


def register_today(section: TodaySection) -> None:
    _today.append(section)
    _today.sort(key=lambda each: each.order)


def menu_entries() -> tuple[MenuEntry, ...]:
    """Every entry of every module, in the menu's order."""
    return tuple(_menu)


def today_sections() -> tuple[TodaySection, ...]:
    """Every section of the morning page, in its order."""
    return tuple(_today)

"""The pages of figures, side by side under «Reports»: each module puts its own there, in its ``pages.py``.

    register_tab(Tab(_("Deviations"), "deviations:figures", order=10, visible=oversees))

A page that is one of them says ``{% load figures %}{% figure_tabs %}`` first in its main part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kvalitetslosen.ui.context import address
from kvalitetslosen.ui.registry import everyone

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from kvalitetslosen.organisation.models import User


@dataclass(frozen=True, eq=False)
class Tab:
    """A page of figures. ``visible`` may look at what the user carries, never query."""

    label: _StrOrPromise
    url_name: str
    order: int
    visible: Callable[[User], bool] = everyone


_tabs: list[Tab] = []


def register_tab(tab: Tab) -> None:
    _tabs.append(tab)
    _tabs.sort(key=lambda each: each.order)


def tabs_of(user: User) -> tuple[Tab, ...]:
    """Those the person has, in their order."""
    return tuple(tab for tab in _tabs if tab.visible(user))


def links(user: User, path: str) -> list[tuple[str, str, bool]]:
    """Words, address and whether it is the page at ``path`` or one below it; nothing where there is one tab only.

    Of two that both begin the path, the longer one is the current.
    """
    shown = [(str(tab.label), address(tab.url_name)) for tab in tabs_of(user)]
    if len(shown) < 2:
        return []
    current = max((url for _label, url in shown if path.startswith(url)), key=len, default="")
    return [(label, url, url == current) for label, url in shown]

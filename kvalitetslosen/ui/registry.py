"""What modules put in the menu and on the morning page.

A module has a `pages.py`, found as Django's admin finds `admin.py`:

    register_menu(MenuEntry(_("Deviations"), "deviations:list", order=20, icon="deviation"))
    register_today(TodaySection(order=10, template="deviations/today/to_receive.html", context=to_receive))
    register_worker_script("js/handbook-worker.js")  # its part of the service worker, see static/js/worker.js
    register_unsent_form(UnsentForm("deviations:report", "deviations:report_without_net", draft="report"))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrOrPromise

    from kvalitetslosen.organisation.models import User


def everyone(user: User) -> bool:
    """Visible to every person who is logged in."""
    return True


@dataclass(frozen=True, eq=False)  # each is only itself: to compare or hash by the label would translate it each time
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
    """A part of the morning page. `context` returns None when nothing waits there; the section is then left out.

    `rows` is what stands in it, as a query: which there are is asked for all sections in one question, and `context`
    only where there are any. On a quiet morning the page costs little, however many modules there are.

    `lines` fetches rows by their keys, for all sections that name the same one at once; `context` is then given them
    as well, in the order of `rows`, at most `most`.
    """

    order: int
    template: str
    context: Callable[..., dict[str, Any] | None]
    rows: Callable[[User], QuerySet[Any]] | None = None
    lines: Callable[[Sequence[int]], Mapping[int, Any]] | None = None
    most: int = 9  # eight are shown; one more tells that there are others
    aside: bool = False  # stands below the rest, and is nothing that waits: the page is empty without it too


class DemoAccount(NamedTuple):
    """Somebody one can log in as in a trial, as the log-in page lists them."""

    email: str
    role: str
    name: str
    municipality: str  # those of one stand together


_menu: list[MenuEntry] = []
_today: list[TodaySection] = []
_demo_accounts: list[Callable[[], list[DemoAccount]]] = []


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


def register_demo_accounts(accounts: Callable[[], list[DemoAccount]]) -> None:
    """Called by the demo world, so that the log-in page needn't know it."""
    _demo_accounts.append(accounts)


def demo_accounts() -> list[DemoAccount]:
    return [account for accounts in _demo_accounts for account in accounts()]


class DemoCode(NamedTuple):
    """A code of the trial, where its case is, and on which of the pages for codes it is shown."""

    code: str
    place: str
    door: str = ""


_demo_codes: list[Callable[[], list[DemoCode]]] = []


def register_demo_codes(demo_codes: Callable[[], list[DemoCode]]) -> None:
    """Called by the demo world, so that the page where codes are written needn't know it."""
    _demo_codes.append(demo_codes)


def demo_codes() -> list[DemoCode]:
    return [code for codes in _demo_codes for code in codes()]


_worker_scripts: list[str] = []


def register_worker_script(path: str) -> None:
    """A static file that the service worker loads: what a module does where there is no net."""
    _worker_scripts.append(path)


def worker_scripts() -> tuple[str, ...]:
    return tuple(sorted(_worker_scripts))


@dataclass(frozen=True)
class UnsentForm:
    """A form that can be written and sent where there is no net: it waits on the device until it can go.

    ``page`` is the ordinary form. ``copy`` is opened where there is no net: a GET gives the form by itself, a POST
    takes what waited and answers with JSON, ``{"url": …, "name": …}`` when it is kept, and status 422 with
    ``{"problems": […]}`` when something has to be put right first. The same ``key`` sent again must change nothing.
    ``draft`` is what the form calls its draft. With the answer of ``unless`` (name and value) nothing of it may lie on
    the device: it is sent now or not at all.
    """

    page: str
    copy: str
    draft: str
    unless: tuple[str, str] | None = None


_unsent_forms: list[UnsentForm] = []


def register_unsent_form(form: UnsentForm) -> None:
    _unsent_forms.append(form)


def unsent_forms() -> tuple[UnsentForm, ...]:
    return tuple(_unsent_forms)


@dataclass(frozen=True)
class Panel:
    """A part that one module puts on another's page. `context` returns None when it has nothing to show there."""

    order: int
    template: str
    context: Callable[[User, Any], dict[str, Any] | None]


_panels: dict[str, list[Panel]] = {}


def register_panel(
    slot: str, *, template: str, context: Callable[[User, Any], dict[str, Any] | None], order: int = 50
) -> None:
    """Put a part on the page called `slot`, "deviations.case" say, so that its module need not know who does."""
    _panels.setdefault(slot, []).append(Panel(order, template, context))
    _panels[slot].sort(key=lambda each: each.order)


def panels(slot: str, user: User, subject: Any) -> list[tuple[str, dict[str, Any]]]:
    """Template and context of each part that has something to show, for `{% for template, context in panels %}`."""
    shown = ((panel.template, panel.context(user, subject)) for panel in _panels.get(slot, ()))
    return [(template, context) for template, context in shown if context is not None]

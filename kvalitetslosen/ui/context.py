"""What every page knows: the menu, the language, whether this is a demo. All of it waits until it is asked for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language

from kvalitetslosen.ui import registry

if TYPE_CHECKING:
    from kvalitetslosen.organisation.models import User


class MenuLink(NamedTuple):
    label: str
    url: str
    current: bool
    icon: str
    action: bool
    in_bar: bool  # in the bar at the foot of a phone's screen, where there is room for few
    aside: bool


BAR_PLACES = 4


@cache
def address(url_name: str) -> str:
    """The address of a page without parameters. Resolved once: a page has a dozen of these."""
    return reverse(url_name)


class Page:
    """The frame around a page's own content, as `page` in every template."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def user(self) -> User | None:
        user = getattr(self.request, "user", None)
        return cast("User", user) if user is not None and user.is_authenticated else None

    @cached_property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def practice(self) -> bool:
        """Whether the person practises: their account is none of this page's business."""
        return getattr(self.request, "practice", None) is not None

    @property
    def demo(self) -> bool:
        return bool(settings.DEMO)

    @cached_property
    def shown(self) -> tuple[registry.MenuEntry, ...]:
        """The menu entries this person has."""
        user = self.user
        if user is None:
            return ()
        return tuple(entry for entry in registry.menu_entries() if entry.visible(user))

    @cached_property
    def current(self) -> registry.MenuEntry | None:
        """The entry whose address is the longest beginning of this page's."""
        path = self.request.path
        best: registry.MenuEntry | None = None
        length = 0
        for entry in self.shown:
            url = address(entry.url_name)
            if len(url) > length and (path == url or (url != "/" and path.startswith(url))):
                best, length = entry, len(url)
        return best

    @property
    def menu(self) -> list[MenuLink]:
        return links(self.shown, self.current)


# Entries after this order stand under the person's name; so do those that come after the first eight, as there is room
# for no more beside each other.
ASIDE_AFTER, BESIDE = 80, 8


def links(shown: tuple[registry.MenuEntry, ...], current: registry.MenuEntry | None) -> list[MenuLink]:
    """Menu entries with words and address, in the language of the moment."""
    beside = [entry for entry in shown if entry.order <= ASIDE_AFTER][:BESIDE]
    bar = [entry for entry in shown if not entry.action][:BAR_PLACES]
    return [
        MenuLink(
            label=str(entry.label),
            url=address(entry.url_name),
            current=entry is current,
            icon=entry.icon,
            action=entry.action,
            in_bar=entry.action or entry in bar,
            aside=entry not in beside,
        )
        for entry in shown
    ]


# Each language's name in itself, so that those who can't read the page find theirs.
OWN_NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
LANGUAGES = tuple((code, OWN_NAMES.get(code, code)) for code, _name in settings.LANGUAGES)


def page(request: HttpRequest) -> dict[str, Page]:
    """The context processor."""
    return {"page": Page(request)}

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
    def languages(self) -> list[tuple[str, str]]:
        """Code and name, each name in its own language, so that those who can't read this one find theirs."""
        return [(code, OWN_NAMES.get(code, code)) for code, _name in settings.LANGUAGES]

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
        current = self.current
        return [
            MenuLink(str(entry.label), address(entry.url_name), entry is current, entry.icon, entry.action)
            for entry in self.shown
        ]


OWN_NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}


def page(request: HttpRequest) -> dict[str, Page]:
    """The context processor."""
    return {"page": Page(request)}

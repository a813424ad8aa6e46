"""What one section of somebody's morning page shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.today import sections_with_rows


def shown(user: User, context: Callable[..., dict[str, Any] | None]) -> dict[str, Any] | None:
    """As the page would fill it; nothing where it isn't there."""
    found = {section.context: given for section, given in sections_with_rows(user)}
    return context(user, *found[context]) if context in found else None

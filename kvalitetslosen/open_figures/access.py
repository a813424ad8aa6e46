"""Who may make which token."""

from __future__ import annotations

from kvalitetslosen.figures.registry import may_explore
from kvalitetslosen.organisation.access import is_administrator
from kvalitetslosen.organisation.models import User


def may_make_own(user: User) -> bool:
    """Whether the person has figures that a program could read with their rights. No query."""
    return may_explore(user)


def may_make_any(user: User) -> bool:
    """Whether there is anything for the person on the page: an administrator makes tokens for figures only."""
    return may_make_own(user) or is_administrator(user)

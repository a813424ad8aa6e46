"""What the pages of one step share: form and verb, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kvalitetslosen.organisation.models import User


@dataclass(frozen=True)
class StepPage:
    """One step: what is asked, what then happens, and what is said afterwards."""

    form: type[Any]
    verb: Any
    done: Any
    lead: Any = ""


def back_to(user: User, row: Any, otherwise: str) -> str:
    """The address of the row, or ``otherwise`` when it is out of sight now."""
    if type(row)._default_manager.visible_to(user).filter(pk=row.pk).exists():
        return str(row.get_absolute_url())
    return otherwise

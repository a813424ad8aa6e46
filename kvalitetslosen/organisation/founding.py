"""What a new municipality begins with besides its units: what each module lays for it, once.

A module says so in its own ``founding.py``, found as Django's admin finds ``admin.py``:

    register(lay_categories)
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from kvalitetslosen.organisation.models import Unit, User

Lay = Callable[[Unit, User | None], None]

_registered: list[Lay] = []


def register(lay: Lay) -> None:
    """Add what is called with each new municipality and who began it. Done a second time, it must do nothing."""
    if lay not in _registered:
        _registered.append(lay)


@transaction.atomic
def furnish(*, municipality: Unit, by: User | None) -> None:
    """Lay what every module begins with, in one transaction."""
    for lay in _registered:
        lay(municipality, by)

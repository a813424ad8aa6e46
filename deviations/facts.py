"""What modules above want to know of each case on its page, asked within the case's own question.

    CASE_FACTS["has_actions"] = lambda: Exists(Action.objects.filter(deviation=OuterRef("pk")))

A panel then asks for rows only where there are any: ``getattr(deviation, "has_actions", True)``, since a case that
came another way doesn't carry the answer.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Exists

CASE_FACTS: dict[str, Callable[[], Exists]] = {}
"""Filled when the modules are made ready, before the first case is asked for."""

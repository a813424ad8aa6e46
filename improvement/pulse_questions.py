"""The six questions of the pulse and the one on motivation, and what their answers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOTIVATION = "motivation"
QUESTIONS: dict[str, _StrPromise] = {
    "told": _("When somebody here reports something, we are told what came of it."),
    "fair": _("Those who are part of something that goes wrong are treated fairly."),
    "safe": _("It is safe to raise what worries me."),
    "discussed": _("We have discussed a case together in the last month."),
    "time": _("We have time to improve how we work."),
    "asked": _("My leader asks what we learn from what happens."),
}
"""From the staff survey of the NHS (told, fairly, safe) and from what the leaders said kept the work alive."""
MOTIVATED = _("How motivated are you for improving things here, from 1 to 10?")
SCALE: list[tuple[int, _StrPromise]] = [
    (1, pgettext_lazy("an answer", "Not at all")),
    (2, pgettext_lazy("an answer", "A little")),
    (3, pgettext_lazy("an answer", "Partly")),
    (4, pgettext_lazy("an answer", "Mostly")),
    (5, pgettext_lazy("an answer", "Completely")),
]
TOP = {**dict.fromkeys(QUESTIONS, len(SCALE)), MOTIVATION: 10}
"""The highest answer to each."""

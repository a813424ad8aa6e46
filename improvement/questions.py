"""Good questions one leader can ask another: open, about learning, answered in two minutes.

That somebody asks is what keeps the work with deviations alive; a question about why there
are so many is not among them, since it teaches people to report less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from improvement.models import Topic

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

OWN = "own"
"""Instead of one of these: the asker's own words."""


@dataclass(frozen=True)
class Question:
    name: str
    words: _StrPromise
    topics: frozenset[str]


_UNIT = frozenset({Topic.LEARNING, Topic.CATEGORY})

LIBRARY: tuple[Question, ...] = (
    Question("learnt", _("What did you learn from your cases this month?"), frozenset({Topic.LEARNING})),
    Question(
        "proud", _("Which improvement are you most pleased with, and what made it work?"), frozenset({Topic.LEARNING})
    ),
    Question("talked", _("Which case did you talk through with your staff, and what came of it?"), _UNIT),
    Question(
        "typical", _("What is typical of these cases, and what do you think lies behind?"), frozenset({Topic.CATEGORY})
    ),
    Question("trying", _("What are you trying now, and how will you see whether it helps?"), _UNIT),
    Question("need", _("What stands in your way, and what can I do?"), _UNIT | {Topic.CASE, Topic.MEASURE}),
    Question("case", _("How is it going with this case, and what have you found so far?"), frozenset({Topic.CASE})),
    Question("told", _("What has the reporter heard, and what did they say?"), frozenset({Topic.CASE})),
    Question("elsewhere", _("Can the same happen elsewhere? Who should hear of it?"), frozenset({Topic.CASE})),
    Question("chart", _("What do you see in this chart, and what do you do next?"), frozenset({Topic.MEASURE})),
    Question("quiet", _("Few have reported lately. What do people see, and what makes it hard to say so?"), _UNIT),
    Question("help_decide", _("I need you to decide something. Can we talk?"), frozenset({Topic.HELP})),
    Question(
        "help_means",
        _("We know what should be done, but lack time or means. What do you suggest?"),
        frozenset({Topic.HELP}),
    ),
    Question(
        "help_others", _("Others must take part in solving this. Can you bring us together?"), frozenset({Topic.HELP})
    ),
)


def about(topic: str) -> list[Question]:
    """The questions that fit, the nearest first."""
    return [each for each in LIBRARY if topic in each.topics]

"""What leads through the seven steps: each one's question, an example, and what is good enough to go on.

Nothing to learn by heart: it stands where the step is taken, and no step asks for more than the next one needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from improvement.seven_steps import STEPS_IN_ORDER, Stage

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Guide:
    stage: Stage
    question: _StrPromise
    example: _StrPromise
    enough: _StrPromise

    @property
    def number(self) -> int:
        return STEPS_IN_ORDER.index(self.stage) + 1


_GUIDES = (
    Guide(
        Stage.ANALYSE,
        _("How is it today, and why?"),
        _(
            "“In October 34 doses were signed late, most of them at half past seven. Whoever walks the round is "
            "called away four times on average.”"
        ),
        _("You can say when, where and how often it happens, and those who do the work recognise it."),
    ),
    Guide(
        Stage.GOAL,
        _("What shall it be, as a number, and by when?"),
        _("“Doses signed on time: from 83 to 95 per cent, by 1 March.”"),
        _("One number, one day, and everybody in the team can say both."),
    ),
    Guide(
        Stage.SOLUTIONS,
        _("What could help?"),
        _("“One walks the round undisturbed, with a vest.” “The list hangs where the medicines are.”"),
        _("At least three, one of them from somebody who does the work, and one that needs nobody to remember it."),
    ),
    Guide(
        Stage.CHOOSE,
        _("Which gives most for least effort?"),
        _("The vest: a large effect, a small effort. New lockers: a large effect, a large effort, so they wait."),
        _("One or two are chosen. The rest stays here, and can be chosen later."),
    ),
    Guide(
        Stage.TRY,
        _("What do you try first, small, and what do you expect?"),
        _("“On Tuesday evening one shift tries the vest. We expect one interruption instead of four.”"),
        _("What you expected was written before, and a trial says what you learnt and what you do now."),
    ),
    Guide(
        Stage.MEASURE,
        _("Does it hold?"),
        _("“After ten weeks 94 per cent are signed on time, and the chart shows that it is more than chance.”"),
        _("Ten values or more since the change, and a sentence of your own about what they say."),
    ),
    Guide(
        Stage.FORMALISE,
        _("How does it become the usual way?"),
        _("“Point 3 of the procedure for medicines says that one walks the round undisturbed, with the vest.”"),
        _("The procedure is in force, so that new colleagues do it right without knowing why it once was otherwise."),
    ),
)

GUIDES: dict[str, Guide] = {guide.stage: guide for guide in _GUIDES}

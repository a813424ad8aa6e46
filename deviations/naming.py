"""The three ways to report, each explained in the same sentences wherever it is chosen, read or followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from deviations.models import Naming

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

EXPLAINED: dict[str, _StrPromise] = {
    Naming.NAMED: _("Those who handle the case see who reported it."),
    Naming.SEALED: _(
        "Those who handle the case don't see who reported it. Only the quality coordinator can open the name, must "
        "write why, and the one who reported sees each time and why. In a case about a leader nobody can."
    ),
    Naming.ANONYMOUS: _(
        "Who reported is stored nowhere, so nobody can look it up. The one who reported gets a case code, and "
        "follows, answers and adds files with it without logging in."
    ),
}

NO_MAIL = _(
    "The one who reported is anonymous, so no mail can be sent: they see what you write when they use the case code."
)
"""For those who handle the case: what there is instead of a message to the reporter."""

FEW = 8
"""People in a unit: fewer, and what is written easily tells who wrote it."""

"""Several cases at once: what can be done with which of them, and why not with the rest.

Nothing is done together that isn't done one by one: each case is asked of its own rights and state, and is changed in
a transaction of its own. Serious cases are left out, as each of those is worth a look of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from deviations import access, actions
from deviations.lifecycle import LIFECYCLE, RESPONSIBLE, Part, State
from deviations.models import Category, Deviation, Harm
from kvalitetslosen.journal.transitions import StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST = 100
"""Cases at a time: more than a page of the list has."""


class Doing(TextChoices):
    RECEIVE = "receive", gettext_lazy("Receive")
    CATEGORY = "category", gettext_lazy("Set the category")
    FORWARD = "forward", gettext_lazy("Send to another unit")
    MERGE = "merge", gettext_lazy("Merge into one")
    CLOSE = "close", gettext_lazy("Close with the same answer")


MEANT: dict[str, _StrPromise] = {
    Doing.RECEIVE: pgettext_lazy("several cases", "You get them all in hand, and each reporter is told."),
    Doing.CATEGORY: pgettext_lazy("several cases", "They all get the category you choose."),
    Doing.FORWARD: pgettext_lazy("several cases", "They all go to the same unit, with the same reason."),
    Doing.MERGE: pgettext_lazy(
        "several cases", "They tell of the same. One goes on, and its answer reaches everybody."
    ),
    Doing.CLOSE: pgettext_lazy("several cases", "Each reporter gets the same answer, and is asked whether it helped."),
}


BEYOND: list[tuple[_StrPromise, str, Callable[[User], bool]]] = []
"""What modules above do with several cases: the words on the button, the name of the address, and for whom.

The address is asked with ``sak`` for each case, as this module's own is.
"""


@dataclass
class Chosen:
    """The cases somebody chose, in those that it can be done with and the rest, each of these with the reason."""

    fit: list[Deviation] = field(default_factory=list)
    left: list[tuple[Deviation, str]] = field(default_factory=list)


@dataclass
class Outcome:
    done: list[Deviation] = field(default_factory=list)
    not_done: list[tuple[Deviation, str]] = field(default_factory=list)


def chosen_by(user: User, references: Iterable[str]) -> list[Deviation]:
    """The cases with these numbers that the person sees, in the order of the list."""
    rows = Deviation.objects.visible_to(user).filter(reference__in=list(references)[:MOST])
    return list(
        rows.select_related("unit", "handling_unit", "category__parent", "handler").order_by("-reported_at", "-pk")
    )


def sorted_out(user: User, doing: str, rows: Iterable[Deviation]) -> Chosen:
    """Which of the cases it can be done with."""
    chosen = Chosen()
    for row in rows:
        reason = hindrance(user, doing, row)
        if reason:
            chosen.left.append((row, reason))
        else:
            chosen.fit.append(row)
    return chosen


def hindrance(user: User, doing: str, deviation: Deviation) -> str:
    """Why it can't be done with the case; nothing where it can."""
    parts = access.parts_of(deviation, user)
    if Part.REPORTER in parts:
        return _("You reported it yourself.")
    allowed = (RESPONSIBLE | {Part.QUALITY}) if doing == Doing.CATEGORY else LIFECYCLE[step_of(doing, deviation)].parts
    if not parts & allowed:
        return _("It isn't yours to handle.")
    if not deviation.is_open:
        return _("It is closed.")
    if deviation.is_serious or deviation.harm == Harm.SERIOUS:
        return _("It is serious, and is looked at by itself.")
    if doing == Doing.CATEGORY:
        return ""
    if step_of(doing, deviation) not in {step.name for step in access.available_steps(deviation, parts)}:
        return _("It is received already.") if doing == Doing.RECEIVE else _("That can't be done with it now.")
    if doing == Doing.CLOSE:
        return " ".join(access.closing_obstacles(deviation))
    return ""


def step_of(doing: str, deviation: Deviation) -> str:
    """The step of the life cycle that it means for this case: one nobody has received is received as it is closed."""
    if doing == Doing.CLOSE and deviation.state == State.REPORTED:
        return "receive_and_close"
    return doing


def carry_out(
    user: User,
    doing: str,
    rows: Iterable[Deviation],
    seen: dict[str, int],
    told: Callable[[StepRefused], str],
    how: Any,
) -> Outcome:
    """Do it with each of the cases by itself: what fails in one leaves the others as they are."""
    outcome = Outcome()
    for row in rows:
        reason = hindrance(user, doing, row) or _done(user, doing, row, seen.get(row.reference), told, how)
        if reason:
            outcome.not_done.append((row, reason))
        else:
            outcome.done.append(row)
    return outcome


def _done(
    user: User, doing: str, row: Deviation, seen: int | None, told: Callable[[StepRefused], str], how: dict[str, Any]
) -> str:
    """Do it; why it couldn't be done, if so."""
    if doing == Doing.CATEGORY:
        _set_category(row, user, how["category"])
        return ""
    try:
        getattr(actions, step_of(doing, row))(deviation=row, by=user, seen=seen, **how)
    except StepRefused as refused:
        return told(refused)
    except StepIncomplete:
        return _("It is serious, and is looked at by itself.")
    except actions.CannotMerge:
        return _("These two can't become one: the other has ended, or only one of them is about a leader.")
    return ""


def _set_category(row: Deviation, user: User, category: Category) -> None:
    actions.reclassify(
        deviation=row, by=user, kind=row.kind, category=category, breached_document=row.breached_document
    )

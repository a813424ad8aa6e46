"""The sealed channel's own journal: events, steps, and the check that nobody has tampered with it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deviations.whistle.lifecycle import LIFECYCLE, State
from deviations.whistle.models import WhistleCase, WhistleEvent
from kvalitetslosen.journal import verify
from kvalitetslosen.journal.chain import link, seal
from kvalitetslosen.journal.guard import Guard
from kvalitetslosen.journal.record import plain
from kvalitetslosen.journal.sentences import Told
from kvalitetslosen.journal.transitions import StepIncomplete, StepRefused
from kvalitetslosen.journal.verify import TRIES, Count, Fault, Row, Written, faults_of
from kvalitetslosen.organisation.models import User

GUARD = Guard("deviations_whistleevent", "whistle_journal", same=("case_id", "number"))

SENTENCES = {
    "received": _("The case came in."),
    "opened": _("%(who)s opened the case."),
    "identity_opened": _("%(who)s looked at who the whistle-blower is."),
    "file_opened": _("%(who)s opened a file."),
    "files_added": _("The whistle-blower added files."),
    "acknowledged": _("%(who)s gave a receipt."),
    "examined": _("%(who)s began to look into it."),
    "concluded": _("%(who)s concluded the case."),
    "passed_on": _("%(who)s passed the case on to an authority."),
    "declined": _("%(who)s said that it isn’t whistle-blowing."),
    "looked_after": _("%(who)s noted how the whistle-blower is treated."),
    "reopened": _("%(who)s opened the case again."),
    "told_reporter": _("%(who)s wrote to the whistle-blower."),
    "reporter_wrote": _("The whistle-blower wrote."),
    "noted": _("%(who)s wrote a note."),
    "erased": _("What was written is deleted."),
}
STEPS = frozenset({"received", "reopened", *(step.event for step in LIFECYCLE)})
"""What the whistle-blower is told of as well; never who opened the case, or wrote among the recipients."""
UNNAMED = _("The whistle-blower")


def lock(case: WhistleCase) -> WhistleCase:
    """The case as it is now, locked for the rest of the transaction."""
    return WhistleCase.objects.select_for_update(of=("self",)).get(pk=case.pk)


@transaction.atomic
def record(case: WhistleCase, type: str, *, by: User | None, at: datetime.datetime | None = None, **data: Any) -> None:
    """Add an event to the case's own journal. ``by`` is None for the whistle-blower, whoever they are."""
    current = lock(case)
    case.events_count, case.events_head = current.events_count, current.events_head
    _add(case, type, by=by, at=at, data=data)
    WhistleCase.objects.filter(pk=case.pk).update(events_count=case.events_count, events_head=case.events_head)


def create(case: WhistleCase, *, at: datetime.datetime) -> None:
    """Insert a new case with the first event of its life; in the verb's transaction."""
    case.save(force_insert=True)
    _add(case, "received", by=None, at=at, data={})
    case.save(update_fields=["events_count", "events_head"])


@transaction.atomic
def move(
    case: WhistleCase, step_name: str, *, by: User | None, at: datetime.datetime | None = None, **changes: Any
) -> None:
    """Take one step of the life cycle. The event says from where to where, and nothing that was written.

    Raises ``StepRefused`` when the case has moved on, ``StepIncomplete`` when something the step needs is missing.
    """
    before = lock(case)
    step = LIFECYCLE.find(step_name, before.state)
    if step is None or before.erased_at:
        raise StepRefused(LIFECYCLE[step_name], before, None)
    if missing := [name for name in sorted(step.needs) if not changes.get(name, getattr(before, name))]:
        raise StepIncomplete(step, missing)
    changes["state"] = step.target or before.state
    for name, value in changes.items():
        setattr(case, name, value)
    case.events_count, case.events_head = before.events_count, before.events_head
    data = {"state": [before.state, changes["state"]]} if step.target else {}
    _add(case, step.event, by=by, at=at, data=data)
    case.save(update_fields=[*changes, "events_count", "events_head"])


def _add(case: WhistleCase, type: str, *, by: User | None, at: datetime.datetime | None, data: dict[str, Any]) -> None:
    event = WhistleEvent(
        case=case, number=case.events_count + 1, type=type, by=by, at=at or timezone.now(), data=plain(data)
    )
    event.hash = link(
        key=case.key,
        number=event.number,
        previous=case.events_head,
        type=type,
        by_id=event.by_id,
        at=event.at,
        data=event.data,
    )
    event.save(force_insert=True)
    case.events_count, case.events_head = event.number, seal(event.hash)


def story(case: WhistleCase, *, to_reporter: bool = False, newest: int = 200) -> list[Told]:
    """The case's journal in sentences, the newest first. To the whistle-blower, only what became of it."""
    rows = case.events.select_related("by").order_by("-number")
    if to_reporter:
        rows = rows.filter(type__in=STEPS - {"looked_after"})
    told = []
    for event in rows[:newest]:
        who = event.by.name if event.by else str(UNNAMED)
        sentence = str(SENTENCES[event.type]) % {"who": who}
        if event.type == "reopened":  # the other sentences say themselves where the case came to
            sentence = f"{sentence} {State(event.data['state'][1]).label}."
        told.append(Told(event.at, who, sentence, ""))
    return told


_ANCHOR = ("pk", "key", "events_count", "events_head")
_COLUMNS = ("case_id", "number", "type", "by_id", "at", "data", "hash")


def faults(count: Count) -> Iterator[Fault]:
    """What is wrong with the channel's chains. They aren't counted: how many there are is nobody's business."""
    for pk in WhistleCase.objects.order_by("pk").values_list("pk", flat=True):
        for _try in range(TRIES):
            before = _row(pk)
            written = WhistleEvent.objects.filter(case=pk).order_by("number").values_list(*_COLUMNS)
            found = list(faults_of(before, [Written(*each) for each in written]))
            if before == _row(pk):
                break
        for number, problem in found:
            yield Fault("the sealed channel's case", pk, number, problem)


def _row(pk: int) -> Row | None:
    found = WhistleCase.objects.filter(pk=pk).values_list(*_ANCHOR).first()
    return Row(*found) if found else None


verify.other_journals.append(faults)

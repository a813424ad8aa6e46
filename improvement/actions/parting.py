"""The verbs of what several people do together: add a part, take it away, tick it."""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from improvement.actions.acting import owner_now
from improvement.models import Action, ActionPart
from kvalitetslosen.journal.record import lock, record
from kvalitetslosen.organisation.models import User


class ActionEnded(Exception):
    """The action is done or cancelled; its parts stand as they were."""


class PartTooLate(Exception):
    """A part can't be due after the whole."""


def _open(action: Action) -> Action:
    """The action as it is now, locked. Raises ``ActionEnded``."""
    now = lock(action)
    if not now.is_open:
        raise ActionEnded
    return now


@transaction.atomic
def add_part(
    *,
    action: Action,
    by: User,
    what: str,
    owner: User,
    due_on: datetime.date | None = None,
    key: uuid.UUID | None = None,
    at: datetime.datetime | None = None,
) -> ActionPart:
    """Let somebody do a part of it. ``key`` is the form's own: sent twice it adds one.

    Raises ``ActionEnded``, ``PartTooLate`` and ``CannotOwn``.
    """
    now = _open(action)
    if key and (sent := ActionPart.objects.filter(key=key, action=action).first()):
        return sent
    if due_on and due_on > now.deadline:
        raise PartTooLate
    owner = owner_now(owner, municipality_id=now.level_0, deviation=now.deviation)
    part = ActionPart(action=action, what=what.strip(), owner=owner, due_on=due_on, created_at=at or timezone.now())
    if key:
        part.key = key
    part.save(force_insert=True)
    record(action, "improvement.part_added", by=by, at=at, part=part.pk, owner=owner.pk)
    return part


@transaction.atomic
def remove_part(*, part: ActionPart, by: User) -> None:
    """It isn't needed after all. Raises ``ActionEnded``; one that is gone already stays so."""
    _open(part.action)
    if ActionPart.objects.filter(pk=part.pk).delete()[0]:
        record(part.action, "improvement.part_removed", by=by, part=part.pk, owner=part.owner_id)


@transaction.atomic
def tick_part(*, part: ActionPart, by: User, done: bool, at: datetime.datetime | None = None) -> None:
    """Done, or not done after all. The same twice is told once. Raises ``ActionEnded``."""
    _open(part.action)
    now = at or timezone.now()
    changed = ActionPart.objects.filter(pk=part.pk, done_at__isnull=done).update(done_at=now if done else None)
    if changed:
        kind = "improvement.part_done" if done else "improvement.part_undone"
        record(part.action, kind, by=by, at=at, part=part.pk, owner=part.owner_id)


@transaction.atomic
def inherit_part(*, part: ActionPart, by: User | None, owner: User) -> None:
    """Somebody leaves, and this is among what another takes over. Raises ``CannotOwn``."""
    owner = owner_now(owner, municipality_id=part.action.level_0, deviation=part.action.deviation)
    ActionPart.objects.filter(pk=part.pk).update(owner=owner)
    record(part.action, "improvement.part_inherited", by=by, part=part.pk, owner=owner.pk, left=part.owner_id)

"""The same step for many documents at once: each by itself, so that one that can't doesn't hold up the others."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from documents import access
from documents.actions.approving import approve, put_in_force, send
from documents.actions.taking_in import take_into_force
from documents.lifecycle import State
from documents.models import DraftCopy, IntakeFile, TakenIn, Version
from kvalitetslosen.journal.transitions import StepIncomplete, StepRefused
from kvalitetslosen.organisation.models import Membership, Role, User
from kvalitetslosen.organisation.routing import stand_ins

MOST = 100  # documents at once: each is a transaction of its own, and one waits for the answer


@dataclass
class Outcome:
    done: int = 0
    left: list[tuple[Version, str]] = field(default_factory=list)  # each with why


# Which --------------------------------------------------------------------------------------------------------------


def _drafts(user: User) -> QuerySet[Version]:
    """Drafts with something in them that the person may take further, less those they have written more in."""
    mine = Q(author=user) | Q(edited_by=user) | Q(document__owner=user) | user.standing.over(Role.LEADER, "document__")
    unsaved = DraftCopy.objects.filter(version=OuterRef("pk"), user=user)
    return (
        Version.objects.filter(mine, ~Exists(unsaved), state=State.DRAFT, document__level_0=user.municipality_id)
        .exclude(body="", file="")
        .exclude(body=F("document__type__template"), file="")
    )


def to_send(user: User) -> QuerySet[Version]:
    return _drafts(user).filter(document__type__asks_approval=True)


def to_put_in_force(user: User) -> QuerySet[Version]:
    """Whose type asks no approval. Whether the person answers for where one would apply is asked of each."""
    return _drafts(user).filter(document__type__asks_approval=False)


def to_take_in(user: User) -> QuerySet[Version]:
    """What an import left as drafts and nobody has changed since: it can apply as it was approved elsewhere."""
    if not access.answers_for_municipality(user):
        return Version.objects.none()
    here = Version.objects.filter(state=State.DRAFT, document__level_0=user.municipality_id)
    return here.filter(taken_in__approved_elsewhere=False, saved_at__lte=F("taken_in__taken_at"))


def to_approve(user: User) -> QuerySet[Version]:
    return Version.objects.to_approve(user).filter(document__level_0=user.municipality_id)


def approvers(user: User) -> QuerySet[User]:
    """Who may approve whatever it is and wherever it applies, but for what they wrote: asked for all at once."""
    root = Membership.objects.on(timezone.localdate()).filter(
        unit=user.municipality_id, role__in=[Role.LEADER, Role.QUALITY_CONTACT]
    )
    return User.objects.active().filter(pk__in=root.values("user")).exclude(pk=user.pk).order_by("name", "pk")


# The steps ----------------------------------------------------------------------------------------------------------


def _each(versions: Iterable[Version], step: Callable[[Version], Any]) -> Outcome:
    outcome = Outcome()
    for version in versions:
        try:
            with transaction.atomic():
                step(version)
        except ValidationError as error:
            outcome.left.append((version, " ".join(error.messages)))
        except (StepRefused, StepIncomplete):
            outcome.left.append((version, _("Somebody was at it meanwhile.")))
        else:
            outcome.done += 1
    return outcome


def send_many(*, versions: Iterable[Version], by: User, approver: User | None = None) -> Outcome:
    """Ask one person to approve all of them, or for each the nearest leader who hasn't written it. One mail each."""
    together = uuid.uuid4().hex

    def step(version: Version) -> None:
        who = approver or _nearest(version)
        if who is None:
            raise ValidationError(_("Nobody but who wrote it can approve it. Choose somebody in the draft itself."))
        send(version=version, by=by, approver=who, applies_from=version.applies_from, together=together)

    return _each(versions, step)


def _nearest(version: Version) -> User | None:
    found = list(access.approvers_of(version))
    return access.usual_approver(version, found, stand_ins({each.pk for each in found}))


def approve_many(*, versions: Iterable[Version], by: User) -> Outcome:
    """Approve each. Those who wrote them get one mail."""
    together = uuid.uuid4().hex
    return _each(versions, lambda version: approve(version=version, by=by, together=together))


def put_many_in_force(*, versions: Iterable[Version], by: User) -> Outcome:
    return _each(versions, lambda version: put_in_force(version=version, by=by, applies_from=version.applies_from))


def take_many_in(*, versions: Iterable[Version], by: User) -> Outcome:
    """Let what an import left as drafts apply as it was approved elsewhere; ``by`` answers for that."""
    return _each(versions, lambda version: _taken_in(version, by))


def _taken_in(version: Version, by: User) -> None:
    origin = TakenIn.objects.select_for_update(of=("self",)).get(version=version)
    # The row of the import knows most; it is forgotten after some weeks, and then what the version kept must do.
    row = IntakeFile.objects.filter(version=version).order_by("-pk").first() or IntakeFile(
        path=origin.file_name, approved_by=origin.approved_by, approved_on=origin.approved_on, position=version.pk
    )
    take_into_force(version=version, row=row, by=by, at=timezone.now())
    TakenIn.objects.filter(pk=origin.pk).update(approved_elsewhere=True)

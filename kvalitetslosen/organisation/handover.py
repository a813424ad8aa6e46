"""When somebody leaves: what they answer for, who takes it over, and closing the account.

A module says in its own ``handover.py``, found as Django's admin finds ``admin.py``, what people answer for in it:

    register(Responsibility("deviations.in_hand", _("Cases in hand"), count=…, move=…))

Nobody can be deactivated while anything registered here is left with them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kvalitetslosen.journal.record import change, record
from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.models import LEVELS, Deputy, Membership, Role, User

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Move(Protocol):
    def __call__(self, *, user: User, to: User, by: User | None) -> None:
        """Let ``to`` answer for all of it instead of ``user``. Raises ``ValidationError`` where that can't be."""


def nothing_more(user: User) -> list[str]:
    return []


def nothing_unseen(user: User, to: User) -> bool:
    return False


@dataclass(frozen=True)
class Responsibility:
    """A group of things a person answers for, handed over as one."""

    key: str  # "deviations.in_hand"
    name: _StrOrPromise  # the heading: "Cases in hand"
    count: Callable[[User], int]
    move: Move
    hint: _StrOrPromise = ""  # who can take it, beside the field where one is chosen
    which: Callable[[User], list[str]] = field(default=nothing_more)  # what it is, as far as an administrator may know
    # Whether the heir would come to see some of it that they don't see now. Nobody hands themselves such a thing.
    unseen: Callable[[User, User], bool] = field(default=nothing_unseen)
    order: int = 50  # lower is moved first: a new leader is in place before the cases come


_registered: list[Responsibility] = []
on_left: list[Callable[[User], None]] = []
"""Filled by modules that keep something for a person alone: called when the account is closed."""


def register(responsibility: Responsibility) -> None:
    _registered.append(responsibility)
    _registered.sort(key=lambda each: each.order)


def responsibilities() -> tuple[Responsibility, ...]:
    return tuple(_registered)


def outstanding(user: User) -> list[tuple[Responsibility, int]]:
    """What the person answers for now, with how much of each."""
    return [(each, count) for each in _registered if (count := each.count(user))]


@transaction.atomic
def hand_over(*, user: User, heirs: Mapping[str, User], by: User | None) -> None:
    """Hand each group (by its key) to the person chosen for it.

    Raises ``ValidationError`` with the groups that can't go where they should; then nothing is changed. The person is
    told who has what from now on.
    """
    problems: dict[str, list[str]] = {}
    handed_over: dict[str, int] = {}
    for each in _registered:
        to = heirs.get(each.key)
        if to is None:
            continue
        try:
            with transaction.atomic():
                _refuse_heir(user, to)
                # Read anew: a role just handed over counts when the next group asks what the heir may have.
                heir = User.objects.get(pk=to.pk)
                if by is not None and by.pk == heir.pk and each.unseen(user, heir):
                    raise ValidationError(
                        _("You can't take over what you don't see today. Choose somebody else."), code="by_oneself"
                    )
                each.move(user=user, to=heir, by=by)
                handed_over[each.key] = heir.pk
        except ValidationError as error:
            problems[each.key] = error.messages
    if problems:
        raise ValidationError({key: [*messages] for key, messages in problems.items()})
    if handed_over:
        record(user, "organisation.handed_over", by=by, heirs=handed_over)


def _refuse_heir(user: User, to: User) -> None:
    if to.pk == user.pk:
        raise ValidationError(_("Choose somebody else than the person who leaves."), code="oneself")
    if to.municipality_id != user.municipality_id:
        raise ValidationError(
            _("%(name)s belongs to another municipality."), params={"name": to.name}, code="stranger"
        )
    if not to.is_active:
        raise ValidationError(_("%(name)s has left."), params={"name": to.name}, code="left")


@transaction.atomic
def deactivate(*, user: User, by: User | None, heirs: Mapping[str, User] | None = None) -> None:
    """Hand over what is given, then close the account: roles end, sessions end, nothing can be logged in to.

    Raises ``ValidationError``, and then changes nothing, while the person still answers for something, and for one's
    own account.
    """
    if by is not None and by.pk == user.pk:
        raise ValidationError(_("You can't close your own account. Another administrator must do it."), code="oneself")
    # Two leaders of one unit don't leave at the same moment, each in the belief that the other stays …
    actions.lock_organisation(user.municipality_id)
    # … and nobody gives the person anything new meanwhile: their row is locked.
    User.objects.select_for_update().get(pk=user.pk)
    if heirs:
        hand_over(user=user, heirs=heirs, by=by)
    if left := outstanding(user):
        what = ", ".join(f"{each.name} ({count})" for each, count in left)
        raise ValidationError(
            _("%(name)s still answers for: %(what)s. Choose who takes over.") % {"name": user.name, "what": what},
            code="answers",
        )
    today = timezone.localdate()
    for membership in user.memberships.not_ended(today).select_related("unit").order_by("pk"):
        actions.end_role(membership=membership, by=by, last_day=today)
    for deputy in Deputy.objects.not_ended(today).filter(principal=user).select_related("principal").order_by("pk"):
        actions.end_deputy(deputy=deputy, by=by, last_day=today)
    for forget in on_left:
        forget(user)
    change(user, "organisation.person_left", by=by, is_active=False, left_on=today)
    actions.end_sessions(user)


# What the organisation itself has to hand over ----------------------------------------------------------------------


def held_alone(user: User, role: str) -> QuerySet[Membership]:
    """The person's roles of the kind, today or later, at units where nobody else holds it."""
    today = timezone.localdate()
    same_unit = Q(unit=OuterRef("unit"))
    if role == Role.ADMINISTRATOR:  # those above keep the unit too
        for level in LEVELS:
            same_unit |= Q(unit=OuterRef(f"unit__{level}"))
    others = Membership.objects.not_ended(today).filter(same_unit, role=role, user__is_active=True).exclude(user=user)
    own = Membership.objects.not_ended(today).filter(user=user, role=role, unit__closed_on=None)
    return own.filter(~Exists(others)).select_related("unit", "user").order_by("unit__depth", "unit__name", "pk")


def _count_alone(role: str, user: User) -> int:
    return held_alone(user, role).values("unit").distinct().count()


def _which_alone(role: str, user: User) -> list[str]:
    return list(dict.fromkeys(membership.unit.name for membership in held_alone(user, role)))


def _move_role(role: str, *, user: User, to: User, by: User | None) -> None:
    today = timezone.localdate()
    for membership in held_alone(user, role):
        start = max(membership.valid_from, today)
        actions.grant_role(
            user=to, unit=membership.unit, role=role, by=by, valid_from=start, valid_to=membership.valid_to
        )
        actions.end_role(membership=membership, by=by, last_day=today - datetime.timedelta(days=1))


ALONE: dict[Role, _StrOrPromise] = {
    Role.LEADER: gettext_lazy("The only leader of a unit"),
    Role.ADMINISTRATOR: gettext_lazy("The only administrator of a unit"),
    Role.QUALITY_CONTACT: gettext_lazy("The only quality contact of a unit"),
    Role.SAFETY_REP: gettext_lazy("The only safety representative of a unit"),
    Role.UNION_REP: gettext_lazy("The only union representative of a unit"),
    Role.DPO: gettext_lazy("The only data protection officer"),
    Role.WORK_ENVIRONMENT: gettext_lazy("The only member of a working environment committee"),
    Role.OCCUPATIONAL_HEALTH: gettext_lazy("The only contact of the occupational health service"),
}
for _role, _name in ALONE.items():
    register(
        Responsibility(
            f"organisation.{_role.value}",
            _name,
            count=partial(_count_alone, _role),
            move=partial(_move_role, _role),
            which=partial(_which_alone, _role),
            hint=gettext_lazy("The person gets the role from today."),
            order=10,
        )
    )


def _standing_in(user: User) -> QuerySet[Deputy]:
    rows = Deputy.objects.not_ended(timezone.localdate()).filter(deputy=user, principal__is_active=True)
    return rows.select_related("principal", "deputy").order_by("valid_from", "pk")


def _count_standing_in(user: User) -> int:
    return _standing_in(user).count()


def _which_standing_in(user: User) -> list[str]:
    return list(dict.fromkeys(row.principal.name for row in _standing_in(user)))


def _move_standing_in(*, user: User, to: User, by: User | None) -> None:
    today = timezone.localdate()
    for row in _standing_in(user):
        last = row.valid_to
        actions.end_deputy(deputy=row, by=by, last_day=today - datetime.timedelta(days=1))
        actions.appoint_deputy(
            principal=row.principal, deputy=to, valid_from=max(row.valid_from, today), valid_to=last, by=by
        )


register(
    Responsibility(
        "organisation.stands_in",
        gettext_lazy("Stands in for others"),
        count=_count_standing_in,
        move=_move_standing_in,
        which=_which_standing_in,
        order=20,
    )
)

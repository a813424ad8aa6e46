"""The verbs of the organisation: units, people, roles, deputies, and leaving.

Rights are asked before, in the view (``access``). What can't be done is said in a ``ValidationError`` for people.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from kvalitetslosen.journal.record import change, create, create_many, record, save_with_event
from kvalitetslosen.organisation.models import (
    DEPTH,
    LEVELS,
    Deputy,
    ImportDraft,
    InTree,
    Membership,
    MunicipalitySettings,
    Role,
    Unit,
    User,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class UnitWork:
    """Something that keeps a unit from being closed: what it is called, and how much of it a unit has."""

    name: _StrOrPromise
    count: Callable[[Unit], int]
    needs_leader: Callable[[], Exists] | None = (
        None  # whether the unit of a row has any, where a leader must see to it
    )


WRONG_PASSWORDS_KEPT = datetime.timedelta(days=1)

unit_work: list[UnitWork] = []
"""Filled by modules: the open work of a unit. See ``close_unit``."""


@dataclass(frozen=True)
class Moved:
    """A unit that got another parent: as it is now, and the ids that were above it, the municipality first."""

    unit: Unit
    above_before: tuple[int, ...]

    @property
    def above(self) -> tuple[int, ...]:
        return tuple(self.unit.ancestor_ids[:-1])


on_unit_moved: list[Callable[[Sequence[Moved]], None]] = []
"""Filled by modules: called once with all that moved, when every row has its new place, in the transaction."""


# Units --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def found_municipality(*, name: str, code: str, language: str, by: User | None = None) -> Unit:
    """A new municipality with its settings. ``code`` starts the reference of each of its cases."""
    unit = create(
        Unit(name=name, code=code, kind=Unit.Kind.MUNICIPALITY, language=language),
        "organisation.unit_created",
        by=by,
        name=name,
    )
    unit.level_0 = unit.pk
    unit.save(update_fields=["level_0"])
    create(MunicipalitySettings(municipality=unit, language=language), "organisation.settings_created", by=by)
    return unit


@transaction.atomic
def create_unit(*, parent: Unit, name: str, code: str, kind: str, by: User | None = None, language: str = "") -> Unit:
    """A new unit under another. Raises ``ValidationError`` below the fifth level, and for a code already in use."""
    parent = _with_tree_locked(parent)
    if parent.depth + 1 >= DEPTH:
        raise ValidationError(_("A unit can't lie deeper than five levels."), code="too_deep")
    if parent.closed_on:
        raise ValidationError(_("%(name)s is closed."), params={"name": parent.name}, code="closed")
    _refuse_taken_code(code, parent.municipality_id)
    unit = Unit(name=name, code=code, kind=kind, parent=parent, depth=parent.depth + 1, language=language)
    unit.copy_levels(parent)
    create(unit, "organisation.unit_created", by=by, name=name, parent=parent)
    setattr(unit, LEVELS[unit.depth], unit.pk)
    unit.save(update_fields=[LEVELS[unit.depth]])
    return unit


@transaction.atomic
def create_units(*, rows: Sequence[tuple[Unit, str, str, str]], by: User | None) -> list[Unit]:
    """Many new units at once: parent, name, code, kind. That each can be made is for the import's plan to see to."""
    units = []
    for parent, name, code, kind in rows:
        unit = Unit(name=name, code=code, kind=kind, parent=parent, depth=parent.depth + 1)
        unit.copy_levels(parent)
        units.append(unit)
    create_many(
        units, "organisation.unit_created", by=by, data=lambda unit: {"name": unit.name, "parent": unit.parent_id}
    )
    for unit in units:
        setattr(unit, LEVELS[unit.depth], unit.pk)
    Unit.objects.bulk_update(units, LEVELS, batch_size=500)
    return units


@transaction.atomic
def change_unit(*, unit: Unit, by: User | None, **fields: Any) -> None:
    """Name, code, kind or language. Raises ``ValidationError`` for a code already in use."""
    if "code" in fields and fields["code"].casefold() != unit.code.casefold():
        _refuse_taken_code(fields["code"], unit.municipality_id)
    change(unit, "organisation.unit_changed", by=by, **fields)


def _refuse_taken_code(code: str, municipality_id: int) -> None:
    if taken := Unit.objects.filter(level_0=municipality_id, code__iexact=code).order_by("pk").first():
        raise ValidationError(
            _("%(name)s has the code %(code)s already."), params={"name": taken.name, "code": taken.code}, code="taken"
        )


def lock_organisation(municipality_id: int) -> Unit:
    """Let nobody else change the organisation until the end of the transaction. Cases are reported all the while."""
    return Unit.objects.select_for_update(no_key=True).get(pk=municipality_id)


def _with_tree_locked(unit: Unit) -> Unit:
    """The unit as it is now. Until the end of the transaction nobody else changes the municipality's tree."""
    municipality = lock_organisation(unit.municipality_id)
    return municipality if unit.pk == municipality.pk else Unit.objects.get(pk=unit.pk)


def move_unit(*, unit: Unit, parent: Unit, by: User | None) -> None:
    """Put a unit, with all that lies below it, under another. Raises ``ValidationError`` as ``move_units`` does."""
    move_units(moves={unit.pk: parent.pk}, municipality_id=unit.municipality_id, by=by)
    unit.refresh_from_db()


@transaction.atomic
def move_units(*, moves: Mapping[int, int], municipality_id: int, by: User | None) -> list[Unit]:
    """Put each unit under its new parent (ids), all at once; every row with a place in the tree follows.

    Raises ``ValidationError`` when a unit would lie under itself, too deep, under a closed unit or outside the
    municipality. Returns the units that got another parent.
    """
    lock_organisation(municipality_id)
    units = {unit.pk: unit for unit in Unit.objects.filter(level_0=municipality_id).order_by("depth", "pk")}
    moved = {pk: parent for pk, parent in moves.items() if units[pk].parent_id != parent}
    for pk, parent in moved.items():
        if pk == municipality_id:
            raise ValidationError(_("The municipality is the top of the tree and stays there."), code="top")
        if parent not in units:
            raise ValidationError(_("The unit belongs to another municipality."), code="stranger")
        if units[parent].closed_on:
            raise ValidationError(_("%(name)s is closed."), params={"name": units[parent].name}, code="closed")
    places = _places({unit.pk: moved.get(unit.pk, unit.parent_id) for unit in units.values()}, units)
    before = {pk: tuple(units[pk].ancestor_ids[:-1]) for pk in moved}
    # Whatever is being reported or planned in one of them is there before anything follows; the rest waits for us.
    # No stronger lock: the check of a foreign key, made as a transaction ends, must not wait for what waits for it.
    moving = [pk for pk, line in places.items() if units[pk].ancestor_ids != line]
    locked = {
        unit.pk: unit for unit in Unit.objects.select_for_update(no_key=True).filter(pk__in=moving).order_by("pk")
    }
    followers = []
    for pk, line in places.items():
        unit = units[pk]
        place = {"depth": len(line) - 1} | dict(zip(LEVELS, [*line, *[None] * (DEPTH - len(line))], strict=True))
        if pk in moved:
            save_with_event(
                unit,
                locked[pk],
                "organisation.unit_moved",
                by=by,
                at=None,
                data={},
                changes={"parent": units[moved[pk]]},
                untold=place,
            )
        elif any(getattr(unit, name) != value for name, value in place.items()):
            for name, value in place.items():
                setattr(unit, name, value)
            followers.append(unit)
    Unit.objects.bulk_update(followers, ["depth", *LEVELS], batch_size=500)
    for pk, above in before.items():
        for model in _models_in_the_tree():
            _follow(model._base_manager.filter(**{LEVELS[len(above)]: pk}))
    if moved:
        for hook in on_unit_moved:
            hook([Moved(units[pk], above) for pk, above in before.items()])
    return [units[pk] for pk in moved]


def _places(parents: Mapping[int, int | None], units: Mapping[int, Unit]) -> dict[int, list[int]]:
    """The line of ids from the municipality down to each unit, itself included."""
    lines: dict[int, list[int]] = {}

    def line_of(pk: int, below: frozenset[int]) -> list[int]:
        if pk in below:
            raise ValidationError(
                _("%(name)s can't lie under itself."), params={"name": units[pk].name}, code="under_itself"
            )
        if pk not in lines:
            parent = parents[pk]
            line = [*line_of(parent, below | {pk}), pk] if parent else [pk]
            if len(line) > DEPTH:
                raise ValidationError(_("A unit can't lie deeper than five levels."), code="too_deep")
            lines[pk] = line
        return lines[pk]

    for pk in parents:
        line_of(pk, frozenset())
    return lines


def _models_in_the_tree() -> Iterator[type[InTree]]:
    """Every model whose rows carry a place, but for the units themselves.

    In the order of the modules, what others lie with first: an action planned in a case takes the case's place.
    """
    for model in apps.get_models():
        if issubclass(model, InTree) and model is not Unit and not model._meta.proxy:
            yield model


def _follow(rows: models.QuerySet[Any]) -> None:
    """Give rows the levels of their unit anew: the unit is the deepest level a row has."""
    deepest = Coalesce(*(OuterRef(level) for level in reversed(LEVELS)))
    unit = Unit._base_manager.filter(pk=deepest)
    rows.update(**{level: Subquery(unit.values(level)[:1]) for level in LEVELS})


@transaction.atomic
def close_unit(*, unit: Unit, by: User | None, on: datetime.date | None = None) -> None:
    """Take a unit out of use. Raises ``ValidationError`` while it has units below it, people or open work."""
    here = _with_tree_locked(unit)
    if here.parent_id is None:
        raise ValidationError(_("The municipality is the top of the tree and stays there."), code="top")
    if here.closed_on:
        return
    if obstacles := closing_obstacles(here):
        raise ValidationError(obstacles)
    change(unit, "organisation.unit_closed", by=by, closed_on=on or timezone.localdate())


def closing_obstacles(unit: Unit) -> list[str]:
    """What must be moved away before the unit can be closed, in sentences."""
    obstacles = []
    if below := Unit.objects.active().filter(parent=unit).count():
        obstacles.append(_("Units directly below it: %(count)s.") % {"count": below})
    if people := (
        User.objects.active()
        .filter(memberships__in=Membership.objects.not_ended(timezone.localdate()).filter(unit=unit))
        .distinct()
        .count()
    ):
        obstacles.append(_("People with a role here: %(count)s.") % {"count": people})
    obstacles.extend(
        _("%(what)s: %(count)s.") % {"what": work.name, "count": count}
        for work in unit_work
        if (count := work.count(unit))
    )
    return obstacles


@transaction.atomic
def reopen_unit(*, unit: Unit, by: User | None) -> None:
    """Take a closed unit into use again. Raises ``ValidationError`` while the unit above is closed."""
    here = _with_tree_locked(unit)
    if here.parent is not None and here.parent.closed_on:
        raise ValidationError(_("%(name)s is closed."), params={"name": here.parent.name}, code="closed")
    change(unit, "organisation.unit_reopened", by=by, closed_on=None)


def change_settings(*, settings: MunicipalitySettings, by: User | None, **fields: Any) -> None:
    """What the municipality decides for itself."""
    change(settings, "organisation.settings_changed", by=by, **fields)


# People -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_person(
    *,
    municipality: Unit,
    name: str,
    email: str,
    language: str,
    by: User | None = None,
    title: str = "",
    password: str = "",
    invite: bool = True,
) -> User:
    """A new account. Without a password the person chooses one by a link: mailed at once, unless ``invite`` is off."""
    user = new_person(municipality=municipality, name=name, email=email, language=language, title=title)
    if password:
        user.set_password(password)
    return create(user, "organisation.person_added", by=by, invite=invite and not password)


def new_person(*, municipality: Unit, name: str, email: str, language: str, title: str = "") -> User:
    """The row of a new account, not yet stored, with a password nobody knows."""
    user = User(municipality=municipality, name=name, email=email.strip().lower(), language=language, title=title)
    user.set_unusable_password()
    return user


def send_invitation(*, user: User, by: User | None) -> None:
    """Have a link for choosing a password mailed to the person (once more)."""
    record(user, "organisation.person_invited", by=by)


on_locked_out: list[Callable[[User], None]] = []
"""What ends where somebody else changes the way in, or a forgotten password is chosen anew: it needs no log-in."""


@transaction.atomic
def change_person(*, user: User, by: User | None, **fields: Any) -> None:
    """Name, e-mail, job title or language.

    A new address is a way into the account. Set by somebody else, it lets nobody in before the person has chosen a
    password anew by the link mailed to it: the old password, every session and what opens without one end. The old
    address is told.
    """
    if "email" in fields:
        fields["email"] = fields["email"].strip().lower()
        if fields["email"] != user.email:
            # Kept by the log-in machinery beside ours; a stale one would still let the old address in.
            EmailAddress.objects.filter(user=user).delete()
            if by is None or by.pk != user.pk:
                user.set_unusable_password()
                user.save(update_fields=["password"])
                end_sessions(user)
                for forget in on_locked_out:
                    forget(user)
    change(user, "organisation.person_changed", by=by, **fields)


def end_sessions(user: User) -> None:
    """Log the person out everywhere."""
    for session in UserSession.objects.filter(user=user).order_by("pk"):
        session.end()


def choose_language(*, user: User, language: str) -> None:
    """The language the person reads."""
    change(user, "organisation.language_chosen", by=user, language=language)


@transaction.atomic
def return_to_work(*, user: User, by: User | None) -> None:
    """Let somebody who had left log in again. Roles are given anew."""
    change(user, "organisation.person_returned", by=by, is_active=True, left_on=None)


# Roles --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def grant_role(
    *,
    user: User,
    unit: Unit,
    role: str,
    by: User | None = None,
    valid_from: datetime.date | None = None,
    valid_to: datetime.date | None = None,
) -> Membership:
    """Give a person a role at a unit. A role that ends in the period is prolonged instead of given twice.

    Raises ``ValidationError`` across municipalities, at a closed unit, for somebody who has left, for a data
    protection officer of less than the municipality, for a role held in the period already, and when one gives oneself
    sight of cases.
    """
    start = valid_from or timezone.localdate()
    refuse_role(user=user, unit=unit, role=role, by=by)
    same = Membership.objects.not_ended(start).filter(user=user, unit=unit, role=role)
    held = same.filter(valid_from__lte=valid_to) if valid_to else same
    for membership in held.select_for_update().order_by("valid_from", "pk"):
        ends = membership.valid_to
        if ends is None or membership.valid_from > start or (valid_to and valid_to <= ends):
            raise ValidationError(
                _("%(name)s has this role at the unit already."), params={"name": user.name}, code="held"
            )
        change(
            membership,
            "organisation.role_granted",
            by=by,
            data={"user": user.pk, "unit": unit.pk, "role": str(role)},
            valid_to=valid_to,
        )
        return membership
    membership = Membership(user=user, unit=unit, role=role, valid_from=start, valid_to=valid_to)
    return create(membership, "organisation.role_granted", by=by, user=user, unit=unit, role=role)


SIGHT_OF_CASES = frozenset({
    Role.LEADER, Role.QUALITY_CONTACT, Role.SAFETY_REP, Role.DPO, Role.WORK_ENVIRONMENT, Role.OCCUPATIONAL_HEALTH,
})  # fmt: skip
"""Roles that let a person open cases, or the register of work injuries.

An administrator sees none, and so can't give them to themselves.
"""


def refuse_role(*, user: User, unit: Unit, role: str, by: User | None) -> None:
    """Raises ``ValidationError`` when the person can't have the role there, whatever the dates."""
    if user.municipality_id != unit.municipality_id:
        raise ValidationError(
            _("%(name)s belongs to another municipality."), params={"name": user.name}, code="stranger"
        )
    if not user.is_active:
        raise ValidationError(_("%(name)s has left."), params={"name": user.name}, code="left")
    if unit.closed_on:
        raise ValidationError(_("%(name)s is closed."), params={"name": unit.name}, code="closed")
    if role == Role.DPO and unit.parent_id is not None:
        raise ValidationError(
            _("The data protection officer is one for the whole municipality: choose the municipality."),
            code="whole_municipality",
        )
    if by is not None and by.pk == user.pk and role in SIGHT_OF_CASES:
        raise ValidationError(
            _("You can't give yourself a role that opens cases. Another administrator must do it."), code="oneself"
        )


@transaction.atomic
def end_role(*, membership: Membership, by: User | None, last_day: datetime.date | None = None) -> None:
    """Let a role end with the day given, today if none is; the right is gone the day after.

    With a day before its first one the role is withdrawn: it counts for no day at all.
    """
    day = last_day or timezone.localdate()
    which = {"user": membership.user_id, "unit": membership.unit_id, "role": membership.role}
    if day < membership.valid_from:
        change(membership, "organisation.role_withdrawn", by=by, data=which, withdrawn=True)
    else:
        change(membership, "organisation.role_ended", by=by, data=which, valid_to=day)


# Deputies -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def appoint_deputy(
    *, principal: User, deputy: User, valid_from: datetime.date, valid_to: datetime.date, by: User | None
) -> Deputy:
    """New tasks of the principal go to the deputy in the period. Old ones stay; no right is gained.

    Raises ``ValidationError`` across municipalities, for oneself, for somebody who has left, for a period that ends
    before it begins, for a period in which the principal has a deputy already, and when one makes oneself the deputy
    of another: that would open cases to whoever keeps the accounts.
    """
    if principal.municipality_id != deputy.municipality_id:
        raise ValidationError(
            _("%(name)s belongs to another municipality."), params={"name": deputy.name}, code="stranger"
        )
    if principal.pk == deputy.pk:
        raise ValidationError(_("One can't stand in for oneself."), code="oneself")
    if by is not None and by.pk == deputy.pk:
        raise ValidationError(
            _("You can't make yourself the deputy of another. %(principal)s or another administrator must do it."),
            params={"principal": principal.name},
            code="by_oneself",
        )
    if not deputy.is_active:
        raise ValidationError(_("%(name)s has left."), params={"name": deputy.name}, code="left")
    if valid_to < valid_from:
        raise ValidationError(_("The last day comes before the first."), code="backwards")
    User.objects.select_for_update(no_key=True).get(pk=principal.pk)  # two at once would each find the period free
    other = (
        Deputy.objects.not_ended(valid_from)
        .filter(principal=principal, valid_from__lte=valid_to)
        .select_related("deputy")
        .order_by("valid_from", "pk")
        .first()
    )
    if other is not None:
        raise ValidationError(
            _("%(deputy)s stands in for %(principal)s in that period already."),
            params={"deputy": other.deputy.name, "principal": principal.name},
            code="held",
        )
    row = Deputy(principal=principal, deputy=deputy, valid_from=valid_from, valid_to=valid_to)
    return create(row, "organisation.deputy_appointed", by=by, principal=principal, deputy=deputy)


@transaction.atomic
def end_deputy(*, deputy: Deputy, by: User | None, last_day: datetime.date | None = None) -> None:
    """Let somebody stand in no longer than the day given, today if none is; before its first day it is withdrawn."""
    day = last_day or timezone.localdate()
    who = {"principal": deputy.principal_id, "deputy": deputy.deputy_id}
    if day < deputy.valid_from:
        change(deputy, "organisation.deputy_withdrawn", by=by, data=who, withdrawn=True)
    elif day < deputy.valid_to:
        change(deputy, "organisation.deputy_ended", by=by, data=who, valid_to=day)


# Forgetting ---------------------------------------------------------------------------------------------------------


def forget() -> None:
    """Remove what was kept about people for a while only: files read for an import, sessions, wrong passwords."""
    ImportDraft.objects.expired().delete()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(alive)).delete()
    AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - WRONG_PASSWORDS_KEPT).delete()

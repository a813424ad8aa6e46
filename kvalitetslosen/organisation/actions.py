"""The verbs of the organisation: units, people, roles, deputies, and leaving."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kvalitetslosen.journal.record import change, create
from kvalitetslosen.organisation.models import DEPTH, LEVELS, Deputy, Membership, MunicipalitySettings, Unit, User


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
    """A new unit under another. Raises ``ValidationError`` below the fifth level."""
    if parent.depth + 1 >= DEPTH:
        raise ValidationError(_("A unit can't lie deeper than five levels."), code="too_deep")
    unit = Unit(name=name, code=code, kind=kind, parent=parent, depth=parent.depth + 1, language=language)
    unit.copy_levels(parent)
    create(unit, "organisation.unit_created", by=by, name=name, parent=parent)
    setattr(unit, LEVELS[unit.depth], unit.pk)
    unit.save(update_fields=[LEVELS[unit.depth]])
    return unit


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
) -> User:
    """A new account. Without a password the person sets one by mail before the first log-in."""
    user = User(
        municipality=municipality,
        name=name,
        email=email.strip().lower(),
        language=language,
        title=title,
    )
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    return create(user, "organisation.person_added", by=by)


def grant_role(
    *,
    user: User,
    unit: Unit,
    role: str,
    by: User | None = None,
    valid_from: datetime.date | None = None,
    valid_to: datetime.date | None = None,
) -> Membership:
    """Give a person a role at a unit. Raises ``ValidationError`` across municipalities or for the same role twice."""
    if user.municipality_id != unit.municipality_id:
        raise ValidationError(_("%(name)s belongs to another municipality."), params={"name": user.name})
    start = valid_from or timezone.localdate()
    if Membership.objects.on(start).filter(user=user, unit=unit, role=role).exists():
        raise ValidationError(_("%(name)s has this role at the unit already."), params={"name": user.name})
    membership = Membership(user=user, unit=unit, role=role, valid_from=start, valid_to=valid_to)
    return create(membership, "organisation.role_granted", by=by, user=user, unit=unit, role=role)


def end_role(*, membership: Membership, by: User | None, last_day: datetime.date | None = None) -> None:
    """Let a role end with the day given, today if none is; the right is gone the day after."""
    change(membership, "organisation.role_ended", by=by, valid_to=last_day or timezone.localdate())


def appoint_deputy(
    *, principal: User, deputy: User, valid_from: datetime.date, valid_to: datetime.date, by: User | None
) -> Deputy:
    """New tasks of the principal go to the deputy in the period."""
    if principal.municipality_id != deputy.municipality_id:
        raise ValidationError(_("%(name)s belongs to another municipality."), params={"name": deputy.name})
    row = Deputy(principal=principal, deputy=deputy, valid_from=valid_from, valid_to=valid_to)
    return create(row, "organisation.deputy_appointed", by=by, principal=principal, deputy=deputy)

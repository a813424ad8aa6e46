"""Beginning to practise, beginning anew, and ending it."""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kvalitetslosen.journal.record import create
from kvalitetslosen.organisation import actions, founding
from kvalitetslosen.organisation.models import Role, Unit, User
from kvalitetslosen.organisation.routing import line_above
from kvalitetslosen.practice.models import World
from kvalitetslosen.practice.playing import Cast, plays

LEFT_AFTER = datetime.timedelta(days=30)
"""Who hasn't practised for so long begins anew; what they wrote is forgotten."""

ROLES_SINCE = datetime.timedelta(days=60)
NOWHERE = "practice.invalid"  # RFC 2606: no mail server can ever have this name


@transaction.atomic
def begin(*, owner: User) -> World:
    """The person's own place to practise in, made where there is none. Nobody practises inside of practising."""
    if owner.practice:
        raise ValueError("Somebody invented doesn't practise.")
    User.objects.select_for_update(of=("self",)).get(pk=owner.pk)
    world = World.objects.of(owner).first()
    if world is None:
        return _make(owner)
    world.used_at = timezone.now()
    world.save(update_fields=["used_at"])
    return world


@transaction.atomic
def begin_anew(*, owner: User) -> World:
    """Leave all that was done while practising, and begin with the examples again."""
    User.objects.select_for_update(of=("self",)).get(pk=owner.pk)
    for world in World.objects.of(owner):
        _end(world)
    return _make(owner)


def tidy(now: datetime.datetime | None = None) -> int:
    """End what nobody has practised in for a month; how many."""
    left = World.objects.open().filter(used_at__lt=(now or timezone.now()) - LEFT_AFTER).order_by("pk")
    ended = 0
    for pk in list(left.values_list("pk", flat=True)):
        with transaction.atomic():
            world = World.objects.select_for_update(of=("self",)).open().filter(pk=pk).first()
            if world is not None:
                _end(world)
                ended += 1
    return ended


def _end(world: World) -> None:
    """What was written is forgotten. The shell stays: the journal, which nobody can delete from, refers to it."""
    for play in plays():
        play.forget(world.municipality)
    User.objects.filter(municipality=world.municipality_id, practice=True).update(is_active=False)
    world.ended_at = timezone.now()
    world.save(update_fields=["ended_at"])


def _make(owner: User) -> World:
    origin = Unit.objects.get(pk=owner.municipality_id)
    with translation.override(owner.language):
        cast = _cast(owner, origin)
        world = World.objects.create(
            owner=owner, municipality=cast.municipality, employee=cast.employee, leader=cast.leader
        )
        for play in plays():
            play.copy(cast)
        founding.furnish(municipality=cast.municipality, by=None)
        for play in plays():
            play.lay(cast)
    return world


def _cast(owner: User, origin: Unit) -> Cast:
    """The municipality, the line of units down to the person's own, and the people."""
    municipality = actions.found_municipality(name=_named(origin.name), code="OV", language=origin.language)
    municipality.practice = True
    municipality.code = f"OV{municipality.pk}"  # what the references of its cases begin with: nobody else's
    municipality.save(update_fields=["practice", "code"])
    unit = municipality
    home = owner.standing.home or origin
    below = [each for each in reversed(line_above(home)) if each.depth]
    for each in below:
        unit = actions.create_unit(parent=unit, name=_named(each.name), code=each.code, kind=each.kind)
    if not below:
        unit = actions.create_unit(parent=unit, name=_named(_("The unit")), code="E", kind=Unit.Kind.UNIT)
    people = [
        _person(municipality, owner, name)
        for name in (owner.name, _("%(name)s as leader") % {"name": owner.name}, "Kari Prøvesen", "Ola Prøvesen")
    ]
    employee, leader, colleague, above = people
    since = timezone.localdate() - ROLES_SINCE
    for user, role, place in (
        (employee, Role.EMPLOYEE, unit),
        (leader, Role.LEADER, unit),
        (colleague, Role.EMPLOYEE, unit),
        (above, Role.LEADER, municipality),
    ):
        actions.grant_role(user=user, unit=place, role=role, valid_from=since)
    return Cast(origin, municipality, unit, employee, leader, colleague, above)


def _named(name: str) -> str:
    """Every unit says what it is, so that lists, files and notices do."""
    return (_("Practice – %(unit)s") % {"unit": name})[:120]


def _person(municipality: Unit, owner: User, name: str) -> User:
    user = actions.new_person(
        municipality=municipality, name=name[:120], email=f"{uuid.uuid4().hex}@{NOWHERE}", language=owner.language
    )
    user.practice = True
    return create(user, "organisation.person_added", by=None, invite=False)

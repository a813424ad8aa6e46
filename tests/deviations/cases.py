"""Cases of every kind that matters to somebody's rights, made through the product's own verbs."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from deviations import actions, settings_actions
from deviations.elsewhere import Row
from deviations.models import Brings, Category, Deviation, Kind, OtherSystem, Source, Topic
from kvalitetslosen.organisation.actions import add_person, grant_role
from kvalitetslosen.organisation.models import Role
from tests.people import World

TEXT = "Morgendosen i multidosen var ikke gitt."


def category(world: World, name: str, topic: str = "") -> Category:
    found = Category.objects.filter(municipality=world.municipality, name=name).first()
    return found or settings_actions.add_category(
        municipality_id=world.municipality.pk, by=None, name=name, topic=topic
    )


def ordinary(world: World, **more: Any) -> Deviation:
    """Nora reports from home care; Leif has it."""
    report: dict[str, Any] = {"by": world.nora, "unit": world.home_care, "kind": Kind.DEVIATION, "text": TEXT}
    return actions.report(**report | more)


def hse(world: World) -> Deviation:
    return ordinary(world, category=category(world, "Vold", Topic.HSE))


def privacy(world: World) -> Deviation:
    return ordinary(world, category=category(world, "Feilsendt", Topic.PRIVACY))


def hidden_name(world: World) -> Deviation:
    return ordinary(world, hide_name=True)


def about_the_leader(world: World) -> Deviation:
    """Nora reports something that concerns Leif; Sunniva has it."""
    return ordinary(world, about_leader=True, category=category(world, "Vold", Topic.HSE))


def by_the_leader(world: World) -> Deviation:
    """Leif reports from his own unit; Sunniva has it."""
    return ordinary(world, by=world.leif)


def anonymous(world: World, **more: Any) -> Deviation:
    """Nora reports from home care without a name; Leif has it."""
    return coded(world, **more).deviation


def coded(world: World, **more: Any) -> actions.Unnamed:
    """The same, with the code."""
    report: dict[str, Any] = {"unit": world.home_care, "kind": Kind.DEVIATION, "text": TEXT}
    return actions.report_anonymously(**report | more)


def anonymous_about_the_leader(world: World) -> Deviation:
    """It concerns Leif; Sunniva has it."""
    return anonymous(world, about_leader=True, category=category(world, "Vold", Topic.HSE))


def from_outside(world: World) -> Deviation:
    """Somebody without a log-in tells of home care, and may be reached; Leif has it."""
    deviation = anonymous(world, source=Source.OUTSIDE)
    actions.leave_contact(deviation=deviation, name="Olga Ås", reach="40 00 00 00")
    return deviation


def from_elsewhere(world: World) -> Deviation:
    """Another system has sent it, to be handled here; Leif has it."""
    system = OtherSystem.objects.filter(municipality=world.municipality, name="Profil").first()
    system = system or actions.define_system(
        municipality=world.municipality, by=world.ada, name="Profil", brings=Brings.CASES, handled_here=True
    )
    row = Row(1, id=f"P-{system.cases.count()}", unit=world.home_care, date=timezone.localdate(), text=TEXT)
    actions.bring_in(system=system, row=row, by=None)
    return system.cases.get(foreign_id=row.id).deviation


def overseers(world: World) -> list[str]:
    """Wanda of the working environment committee and Otto of the occupational health service join the others."""
    for short, role in (("wanda", Role.WORK_ENVIRONMENT), ("otto", Role.OCCUPATIONAL_HEALTH)):
        user = add_person(
            municipality=world.municipality, name=short.title(), email=f"{short}@fjelldal.example", language="nb"
        )
        grant_role(user=user, unit=world.municipality, role=role)
        world.people[short] = user
    return list(world.people)


KINDS = {
    "ordinary": ordinary,
    "hse": hse,
    "privacy": privacy,
    "hidden name": hidden_name,
    "about the leader": about_the_leader,
    "by the leader": by_the_leader,
    "anonymous": anonymous,
    "anonymous, about the leader": anonymous_about_the_leader,
    "from outside": from_outside,
    "from another system": from_elsewhere,
}


def received(world: World) -> Deviation:
    return actions.receive(deviation=ordinary(world), by=world.leif)


def waiting(world: World) -> Deviation:
    deviation = received(world)
    actions.ask_reporter(deviation=deviation, by=world.leif, text="Hvor lenge?")
    return deviation


def closed(world: World) -> Deviation:
    return actions.close(deviation=received(world), by=world.leif, outcome="Vi har endret rutinen.")

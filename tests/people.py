"""The people of the tests, each with a fixed part in the story.

Two municipalities. In Fjelldal (code FJE): the health sector with home care and the nursing home, and the school.

Nora works in home care and reports; Leif leads home care; Sunniva leads the health sector; Rolf is chief executive.
Greta works in the nursing home, which Hans leads: insiders of the municipality, strangers to home care's cases.
Kaja is quality contact of the health sector, Kristin quality coordinator (quality contact of the municipality).
Vidar is safety representative of the health sector, Tiril union representative, Per data protection officer, Ada
administrator. Mona leads the school of the other municipality, Sjøvik, and is a stranger to everything in Fjelldal.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from documents.actions import lay_types
from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.models import Role, Unit, User
from tests.once import once

PASSWORD = "en lang og god setning"
LONG_AGO = datetime.date(2024, 1, 1)
"""Since when everybody has had their part: tests go back to days of their own."""


@dataclass
class World:
    municipality: Unit
    health: Unit
    home_care: Unit
    nursing_home: Unit
    school: Unit
    other_municipality: Unit
    other_school: Unit
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        people: dict[str, User] = self.__dict__.get("people", {})
        if name not in people:
            raise AttributeError(name)
        return people[name]


def build() -> World:
    """The two municipalities with everybody in their part, in an empty database."""
    return once(made)


def made() -> World:
    """Found the two municipalities and give everybody their part, through the product's own actions."""
    fjelldal = actions.found_municipality(name="Fjelldal", code="FJE", language="nb")
    health = actions.create_unit(parent=fjelldal, name="Helse og omsorg", code="HO", kind=Unit.Kind.SECTOR)
    home_care = actions.create_unit(parent=health, name="Hjemmetjenesten", code="HB", kind=Unit.Kind.UNIT)
    nursing_home = actions.create_unit(parent=health, name="Sykehjemmet", code="INST", kind=Unit.Kind.UNIT)
    school = actions.create_unit(parent=fjelldal, name="Fjelldal skole", code="SK", kind=Unit.Kind.UNIT)
    sjovik = actions.found_municipality(name="Sjøvik", code="SJO", language="nn")
    for municipality in (fjelldal, sjovik):
        lay_types(municipality=municipality, by=None)
    other_school = actions.create_unit(parent=sjovik, name="Sjøvik skule", code="SK", kind=Unit.Kind.UNIT)
    world = World(fjelldal, health, home_care, nursing_home, school, sjovik, other_school)
    parts: list[tuple[str, str, Unit, list[str]]] = [
        ("nora", "Nora Nygård", home_care, [Role.EMPLOYEE]),
        ("leif", "Leif Lund", home_care, [Role.LEADER]),
        ("sunniva", "Sunniva Sand", health, [Role.LEADER]),
        ("rolf", "Rolf Ruud", fjelldal, [Role.LEADER]),
        ("greta", "Greta Gran", nursing_home, [Role.EMPLOYEE]),
        ("hans", "Hans Haug", nursing_home, [Role.LEADER]),
        ("kaja", "Kaja Kvam", health, [Role.QUALITY_CONTACT]),
        ("kristin", "Kristin Krog", fjelldal, [Role.QUALITY_CONTACT]),
        ("vidar", "Vidar Vik", health, [Role.SAFETY_REP]),
        ("tiril", "Tiril Tveit", fjelldal, [Role.UNION_REP]),
        ("per", "Per Pettersen", fjelldal, [Role.DPO]),
        ("ada", "Ada Aas", fjelldal, [Role.ADMINISTRATOR]),
        ("mona", "Mona Moe", other_school, [Role.LEADER]),
    ]
    for short, name, unit, roles in parts:
        municipality = sjovik if unit.level_0 == sjovik.pk else fjelldal
        domain = "sjovik.example" if municipality is sjovik else "fjelldal.example"
        user = actions.add_person(
            municipality=municipality, name=name, email=f"{short}@{domain}", language="nb", password=PASSWORD
        )
        for role in roles:
            actions.grant_role(user=user, unit=unit, role=role, valid_from=LONG_AGO)
        world.people[short] = user
    return world

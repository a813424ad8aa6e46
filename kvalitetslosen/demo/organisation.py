# ruff: noqa: E501 - the two languages of a text stand on one line
"""Builds the demo municipalities: units, people with their roles, categories, deadlines, deputies."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from deviations import settings_actions
from deviations.models import Category
from kvalitetslosen.demo.known_cases import KNOWN
from kvalitetslosen.demo.logins import LOGINS, PASSWORD
from kvalitetslosen.demo.tree import MUNICIPALITIES, ROLES, Municipality
from kvalitetslosen.organisation import actions, founding
from kvalitetslosen.organisation.models import Language, Role, Unit, User

EXAMPLE_LENGTH = 300
SHARED = frozenset({"A1", "A2", "LT", "SKB", "BS", "BH1"})
"""Units whose examples stand at the unit above, for those beside them as well."""

EVERYWHERE = (
    ("En rutine ble ikke fulgt, og det kunne gått ut over noen.", "Ein rutine vart ikkje følgd, og det kunne gått ut over nokon."),
    ("Noen ble skadet, eller det var like ved.", "Nokon vart skadd, eller det var like ved."),
    ("Opplysninger om en person kom til feil mottaker.", "Opplysningar om ein person kom til feil mottakar."),
)  # fmt: skip
DAYS_BACK = 1000
"""Roles began this many days ago: before the first case."""


@dataclass
class Town:
    """A demo municipality as built: units by code, people by the part of their address before the @."""

    plan: Municipality
    root: Unit
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    at: defaultdict[str, list[User]] = field(default_factory=lambda: defaultdict(list))  # employees by unit code
    categories: dict[tuple[int, str], Category] = field(default_factory=dict)

    @property
    def nynorsk(self) -> bool:
        return self.plan.language == "nn"

    def word(self, pair: tuple[str, str]) -> str:
        """Of bokmål and nynorsk, the one written here."""
        return pair[self.nynorsk]

    def leader(self, code: str) -> User:
        """Who leads the unit or, without a leader of its own, the nearest one above."""
        return self.leaders[self._led(code)]

    def above(self, code: str) -> str:
        """The code of the unit above."""
        return next(place.parent or self.plan.code for place in self.plan.places if place.code == code)

    def _led(self, code: str) -> str:
        while code not in self.leaders:
            code = self.above(code)
        return code

    @property
    def chief(self) -> User:
        return self.leaders[self.plan.code]

    @property
    def coordinator(self) -> User:
        """The quality coordinator."""
        wanted = f"quality {self.plan.code}"
        return next(self.people[each.email] for each in self.plan.people if wanted in each.roles.split(", "))

    @property
    def leaders(self) -> dict[str, User]:
        return {
            unit.rpartition(" ")[2]: self.people[person.email]
            for person in self.plan.people
            for unit in person.roles.split(", ")
            if unit.startswith("leader ")
        }


def build() -> list[Town]:
    towns = [_found(plan) for plan in MUNICIPALITIES]
    _let_in([user for town in towns for user in town.people.values()] + [_begin_empty()])
    return towns


def _begin_empty() -> User:
    """A municipality as it is on its first day, with its administrator alone: how it begins, and what is empty."""
    root = actions.found_municipality(name="Bjelland", code="BJE", language=Language.BOKMAL)
    admin = actions.add_person(
        municipality=root, name="Tone Foss", email="admin@bjelland.example", language=Language.BOKMAL
    )
    actions.grant_role(user=admin, unit=root, role=Role.ADMINISTRATOR)
    founding.furnish(municipality=root, by=admin)
    return admin


def _let_in(everybody: list[User]) -> None:
    """Those of the log-in page get the password, hashed once, since that is slow; nobody can log in as the others."""
    known, hashed = {login.email for login in LOGINS}, make_password(PASSWORD)
    people = [user for user in everybody if user.email in known]
    for user in people:
        user.password = hashed
    User.objects.bulk_update(people, ["password"])


def _found(plan: Municipality) -> Town:
    root = actions.found_municipality(name=plan.name, code=plan.code, language=plan.language)
    town = Town(plan, root, {plan.code: root})
    for place in plan.places:
        town.units[place.code] = actions.create_unit(
            parent=town.units[place.parent or plan.code], name=place.name, code=place.code, kind=place.kind
        )
    _employ(town)
    admin = town.people["admin"]
    strict = plan.code == "AAS"
    founding.furnish(municipality=root, by=admin)
    settings_actions.set_rules(
        municipality_id=root.pk, by=admin, receive_days=2, answer_days=4 if strict else 5, close_days_low=30
    )
    below = Category.objects.filter(municipality=root, parent__isnull=False).select_related("parent")
    for category in below.order_by("pk"):
        if category.parent:
            town.categories[category.parent.position, category.name.casefold()] = category
    for known in KNOWN:
        if known.municipality == plan.code:
            code = town.above(known.unit) if known.unit in SHARED else known.unit
            settings_actions.add_example(unit=town.units[code], text=_shortened(known.text), by=town.leader(code))
    for example in EVERYWHERE:
        settings_actions.add_example(unit=root, text=town.word(example), by=town.coordinator)
    return town


def _shortened(text: str) -> str:
    return text if len(text) <= EXAMPLE_LENGTH else text[:EXAMPLE_LENGTH].rpartition(".")[0] + "."


def _employ(town: Town) -> None:
    since = timezone.localdate() - datetime.timedelta(days=DAYS_BACK)
    for person in town.plan.people:
        user = actions.add_person(
            municipality=town.root,
            name=person.name,
            email=f"{person.email}@{town.plan.domain}",
            language=town.plan.language,
            title=person.title,
            invite=False,
        )
        town.people[person.email] = user
        for part in person.roles.split(", "):
            role, code = part.split()
            actions.grant_role(user=user, unit=town.units[code], role=ROLES[role], valid_from=since)
            if ROLES[role] == Role.EMPLOYEE:
                town.at[code].append(user)


BEGUN_LEADING = (("odd.oydna", "A1"), ("anita.stedjan", "KT"), ("ranveig.slogedal", "A2"))
"""Who in each municipality leads a ward since this week, one that had no leader of its own."""


def begin_leading(towns: list[Town]) -> None:
    """After the cases, which went to the leaders above: what comes from now on is theirs."""
    since = timezone.localdate() - datetime.timedelta(days=3)
    for town, (person, code) in zip(towns, BEGUN_LEADING, strict=True):
        actions.grant_role(
            user=town.people[person], unit=town.units[code], role=Role.LEADER, valid_from=since,
            by=town.people["admin"],
        )  # fmt: skip


def appoint_deputies(towns: list[Town]) -> None:
    """Two stand in at this moment, one did last summer, and one will next month. After the cases: new ones only."""
    today = timezone.localdate()
    days = datetime.timedelta
    aseral, marnardal, audnedal = towns
    for town, principal, deputy, begins, ends in (
        (aseral, "kare.mjaland", "ashild.smeland", -3, 11),
        (marnardal, "stian.nome", "radmann", -2, 12),
        (marnardal, "leder", "petter.fjelde", -140, -119),
        (audnedal, "eva.stallemo", "leder", 20, 41),
    ):
        actions.appoint_deputy(
            principal=town.people[principal],
            deputy=town.people[deputy],
            valid_from=today + days(days=begins),
            valid_to=today + days(days=ends),
            by=town.people["admin"],
        )

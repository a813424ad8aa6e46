"""Many units and people at once, from a spreadsheet: first what it would do and what is wrong, then all or nothing.

What the file leaves out is left alone: nobody loses a role, no unit is closed. Empty cells change nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from kvalitetslosen.journal.record import create_many, record
from kvalitetslosen.organisation import actions
from kvalitetslosen.organisation.access import keeps, keeps_municipality, kept
from kvalitetslosen.organisation.forms import is_code
from kvalitetslosen.organisation.models import (
    DEPTH,
    ImportDraft,
    Membership,
    Role,
    Unit,
    User,
)
from kvalitetslosen.organisation.spreadsheet import (
    KINDS,
    LANGUAGES,
    PEOPLE,
    ROLES,
    UNITS,
    Contents,
    Fault,
    PersonRow,
    UnitRow,
    meaning,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

AT_A_TIME = 500

SENTENCES: dict[str, _StrOrPromise] = {
    "formula": gettext_lazy("“%(column)s” holds a formula. Put in the value itself."),
    "error": gettext_lazy("“%(column)s” holds an error from the spreadsheet."),
    "date": gettext_lazy("“%(column)s” holds a date or a time."),
    "no_code": gettext_lazy("The code is missing."),
    "bad_code": gettext_lazy("The code “%(code)s” can't be used: at most 12 letters and digits, without spaces."),
    "no_name": gettext_lazy("The name is missing."),
    "long_name": gettext_lazy("The name is too long: at most 120 characters."),
    "unit_twice": gettext_lazy("The code “%(code)s” stands in row %(other)s too."),
    "unknown_kind": gettext_lazy("“%(kind)s” isn't a kind of unit."),
    "only_the_top": gettext_lazy("Only the municipality itself is a municipality."),
    "the_top": gettext_lazy("The municipality is the top of the tree and stays there."),
    "unknown_parent": gettext_lazy("No unit has the code “%(code)s”, neither here nor in the file."),
    "cycle": gettext_lazy("The unit would lie under itself."),
    "too_deep": gettext_lazy("The unit, or one below it, would lie deeper than five levels."),
    "closed_unit": gettext_lazy("The unit “%(code)s” is closed. Open it again first."),
    "outside": gettext_lazy("The unit “%(code)s” isn't among those you keep."),
    "no_email": gettext_lazy("The e-mail address is missing."),
    "bad_email": gettext_lazy("“%(email)s” isn't an e-mail address."),
    "no_unit": gettext_lazy("The unit's code is missing."),
    "unknown_unit": gettext_lazy("No unit has the code “%(code)s”, neither here nor in the file."),
    "unknown_role": gettext_lazy("“%(role)s” isn't a role."),
    "unknown_language": gettext_lazy("“%(language)s” isn't a language here."),
    "long_title": gettext_lazy("The job title is too long: at most 120 characters."),
    "person_twice": gettext_lazy("The same person with the same role stands in row %(other)s too."),
    "person_differs": gettext_lazy("The person has another name, language or job title in row %(other)s."),
    "other_municipality": gettext_lazy("The e-mail address belongs to somebody in another municipality."),
    "has_left": gettext_lazy("The person's account is closed. Open it again first."),
    "not_kept": gettext_lazy("The person has roles outside the units you keep, so you can't change the account."),
    "dpo": gettext_lazy("The data protection officer is one for the whole municipality: write its code."),
    "oneself": gettext_lazy("You can't give yourself a role that opens cases."),
}


@dataclass(frozen=True)
class Described:
    """A fault in words, for the page."""

    sheet: str
    row: int
    which: str  # how the row names what it is about
    text: str


@dataclass
class Plan:
    """What carrying out the file would do, compared with what is there now."""

    faults: list[Fault] = field(default_factory=list)
    new_units: list[UnitRow] = field(default_factory=list)  # each after the unit it lies under
    changed_units: list[tuple[Unit, dict[str, str]]] = field(default_factory=list)
    moved_units: list[tuple[Unit, str, str]] = field(default_factory=list)  # and the new parent: folded code, name
    new_people: list[PersonRow] = field(default_factory=list)
    changed_people: list[tuple[User, dict[str, str]]] = field(default_factory=list)
    new_roles: list[tuple[str, str, str]] = field(default_factory=list)  # e-mail, code of the unit (folded), role
    unchanged: int = 0  # rows that say what is there already

    @property
    def changes_anything(self) -> bool:
        return bool(
            self.new_units
            or self.changed_units
            or self.moved_units
            or self.new_people
            or self.changed_people
            or self.new_roles
        )

    @property
    def digest(self) -> str:
        """What was shown, so that nothing else is carried out than what somebody has looked at."""
        said = json.dumps(
            [
                self.faults,
                self.new_units,
                [(unit.pk, changes) for unit, changes in self.changed_units],
                [(unit.pk, parent) for unit, parent, _name in self.moved_units],
                self.new_people,
                [(user.pk, changes) for user, changes in self.changed_people],
                self.new_roles,
            ],
            sort_keys=True,
        )
        return hashlib.sha256(said.encode()).hexdigest()

    def described_faults(self, contents: Contents) -> list[Described]:
        """Every faulty row and why, in the order of the file."""
        names = {(UNITS, unit.number): unit.name or unit.code for unit in contents.units}
        names |= {(PEOPLE, person.number): person.name or person.email for person in contents.people}
        return [
            Described(
                fault.sheet,
                fault.row,
                names.get((fault.sheet, fault.row), ""),
                str(SENTENCES[fault.name]) % fault.params,
            )
            for fault in sorted(self.faults, key=lambda fault: (fault.sheet != UNITS, fault.row))
        ]


class Changed(Exception):
    """What is there has changed since the plan was shown."""


# Planning -----------------------------------------------------------------------------------------------------------


def plan(contents: Contents, user: User) -> Plan:
    """Compare the file with what is there: the same few queries for ten rows as for ten thousand."""
    found = Plan(faults=list(contents.faults))
    spoilt = {(fault.sheet, fault.row) for fault in contents.faults}
    units = _units_by_code(user.municipality_id)
    tree = _plan_units([row for row in contents.units if (UNITS, row.number) not in spoilt], units, user, found)
    known = tree | {row.code.casefold() for row in contents.units if row.code}
    people = [row for row in contents.people if (PEOPLE, row.number) not in spoilt]
    _plan_people(people, units, known, user, found)
    return found


def _units_by_code(municipality_id: int) -> dict[str, Unit]:
    rows = Unit.objects.filter(level_0=municipality_id).order_by("depth", "pk")
    return {unit.code.casefold(): unit for unit in rows}


def _plan_units(rows: list[UnitRow], units: dict[str, Unit], user: User, found: Plan) -> set[str]:
    """Plan the units; the codes (folded) there will be."""
    by_id = {unit.pk: unit for unit in units.values()}
    root = by_id[user.municipality_id].code.casefold()
    parents: dict[str, str] = {
        code: by_id[unit.parent_id].code.casefold() for code, unit in units.items() if unit.parent_id is not None
    }
    coming: dict[str, UnitRow] = {}
    for row in rows:
        code = row.code.casefold()
        if faults := _faults_of_unit(row, units, coming):
            found.faults += faults
        else:
            coming[code] = row
    for code, row in list(coming.items()):
        parent = row.parent.casefold()
        wrong = _fault_of_parent(row, units.get(code), parent, units, coming, root)
        if wrong:
            found.faults.append(wrong)
            del coming[code]
        elif parent:
            parents[code] = parent
        elif code not in units:
            parents[code] = root
    parents.pop(root, None)
    lines = {code: _line(code, parents) for code in {*parents, root}}
    reach: defaultdict[str, int] = defaultdict(int)  # how far down the tree goes through a unit
    for line in lines.values():
        for code in line:
            reach[code] = max(reach[code], len(line))
    for code, row in list(coming.items()):
        if len(lines[code]) > DEPTH and _goes_round(code, parents):
            found.faults.append(Fault(UNITS, row.number, "cycle", {}))
        elif reach[code] > DEPTH and parents.get(code) != _present_parent(units.get(code), by_id):
            found.faults.append(Fault(UNITS, row.number, "too_deep", {}))
        elif outside := _outside(code, lines[code], units, user):
            found.faults.append(Fault(UNITS, row.number, "outside", {"code": outside}))
        else:
            continue
        del coming[code]
    for code, row in sorted(coming.items(), key=lambda each: (len(lines[each[0]]), each[1].number)):
        unit = units.get(code)
        if unit is None:
            found.new_units.append(row)
            continue
        changes = _changes_of_unit(unit, row)
        moved = code != root and parents[code] != _present_parent(unit, by_id)
        if changes:
            found.changed_units.append((unit, changes))
        if moved:
            parent = parents[code]
            found.moved_units.append((unit, parent, coming[parent].name if parent in coming else units[parent].name))
        found.unchanged += not (changes or moved)
    return {*units, *coming}


def _faults_of_unit(row: UnitRow, units: Mapping[str, Unit], coming: Mapping[str, UnitRow]) -> list[Fault]:
    faults: list[Fault] = []

    def fault(name: str, **params: Any) -> None:
        faults.append(Fault(UNITS, row.number, name, params))

    code = row.code.casefold()
    if not row.code:
        fault("no_code")
    elif not is_code(row.code):
        fault("bad_code", code=row.code)
    elif code in coming:
        fault("unit_twice", code=row.code, other=coming[code].number)
    if not row.name:
        fault("no_name")
    elif len(row.name) > 120:
        fault("long_name")
    unit = units.get(code)
    if unit is not None and unit.closed_on:
        fault("closed_unit", code=row.code)
    if row.kind:
        kind = meaning(row.kind, KINDS)
        is_top = unit is not None and unit.parent_id is None
        if not kind:
            fault("unknown_kind", kind=row.kind)
        elif (kind == Unit.Kind.MUNICIPALITY) != is_top:
            fault("only_the_top")
    return faults


def _fault_of_parent(
    row: UnitRow,
    unit: Unit | None,
    parent: str,
    units: Mapping[str, Unit],
    coming: Mapping[str, UnitRow],
    root: str,
) -> Fault | None:
    if unit is not None and unit.parent_id is None and parent and parent != root:
        return Fault(UNITS, row.number, "the_top", {})
    if not parent:
        return None
    if parent not in units and parent not in coming:
        return Fault(UNITS, row.number, "unknown_parent", {"code": row.parent})
    if parent in units and units[parent].closed_on:
        return Fault(UNITS, row.number, "closed_unit", {"code": row.parent})
    return None


def _present_parent(unit: Unit | None, by_id: Mapping[int, Unit]) -> str | None:
    return by_id[unit.parent_id].code.casefold() if unit is not None and unit.parent_id is not None else None


def _line(code: str, parents: Mapping[str, str]) -> list[str]:
    """The codes from the unit upwards to the municipality, but no more than one further than units may lie deep."""
    line = [code]
    while len(line) <= DEPTH and (above := parents.get(line[-1])) is not None:
        line.append(above)
    return line


def _goes_round(code: str, parents: Mapping[str, str]) -> bool:
    """Whether the way up from the unit leads back to it."""
    at: str | None = code
    for _step in parents:
        at = parents.get(at) if at is not None else None
        if at is None or at == code:
            break
    return at == code


def _outside(code: str, line: list[str], units: Mapping[str, Unit], user: User) -> str:
    """The code of what the administrator doesn't keep: the unit as it is, or where it would lie."""
    unit = units.get(code)
    if unit is not None and not keeps(user, unit):
        return unit.code
    if len(line) < 2:
        return ""
    parent = units.get(line[1])
    if parent is not None:
        present = unit is not None and unit.parent_id == parent.pk
        return "" if present or keeps(user, parent) else parent.code
    return _outside(line[1], line[1:], units, user)


def _changes_of_unit(unit: Unit, row: UnitRow) -> dict[str, str]:
    said = {"name": row.name, "kind": meaning(row.kind, KINDS)}
    return {name: value for name, value in said.items() if value and getattr(unit, name) != value}


def _plan_people(rows: list[PersonRow], units: Mapping[str, Unit], known: set[str], user: User, found: Plan) -> None:
    today = timezone.localdate()
    emails = sorted({row.email.lower() for row in rows if row.email})
    accounts: dict[str, User] = {}
    for start in range(0, len(emails), AT_A_TIME):
        accounts |= {
            each.email: each
            for each in User.objects.filter(email__in=emails[start : start + AT_A_TIME]).order_by("pk")
        }
    own = [each.pk for each in accounts.values() if each.municipality_id == user.municipality_id]
    held: defaultdict[int, set[tuple[int, str]]] = defaultdict(set)
    for start in range(0, len(own), AT_A_TIME):
        memberships = Membership.objects.not_ended(today).filter(user__in=own[start : start + AT_A_TIME])
        for person, unit_id, role in memberships.order_by("pk").values_list("user", "unit", "role"):
            held[person].add((unit_id, role))
    places = {unit.pk: unit for unit in units.values()}
    first: dict[str, PersonRow] = {}
    roles: dict[tuple[str, str, str], int] = {}
    for row in rows:
        email, code = row.email.lower(), row.unit.casefold()
        account = accounts.get(email)
        faults = _faults_of_person(row, first, account, units, known, user)
        role = meaning(row.role, ROLES) or Role.EMPLOYEE.value
        if not faults and account is not None and (changes := _changes_of_person(account, row)):
            outside = [pk for pk, _role in held[account.pk] if not keeps(user, places[pk])]
            if not keeps_municipality(user) and (outside or not held[account.pk]):
                faults.append(Fault(PEOPLE, row.number, "not_kept", {}))
        else:
            changes = {}
        if not faults and (email, code, role) in roles:
            faults.append(Fault(PEOPLE, row.number, "person_twice", {"other": roles[email, code, role]}))
        if faults:
            found.faults += faults
            continue
        roles[email, code, role] = row.number
        begins = email not in first
        first.setdefault(email, row)
        new_role = account is None or code not in units or (units[code].pk, role) not in held[account.pk]
        if begins and account is None:
            found.new_people.append(row)
        elif begins and account is not None and changes:
            found.changed_people.append((account, changes))
        if new_role:
            found.new_roles.append((email, code, role))
        found.unchanged += not (new_role or (begins and (changes or account is None)))


def _faults_of_person(
    row: PersonRow,
    first: Mapping[str, PersonRow],
    account: User | None,
    units: Mapping[str, Unit],
    known: set[str],
    user: User,
) -> list[Fault]:
    faults: list[Fault] = []

    def fault(name: str, **params: Any) -> None:
        faults.append(Fault(PEOPLE, row.number, name, params))

    email, code = row.email.lower(), row.unit.casefold()
    role = meaning(row.role, ROLES) if row.role else Role.EMPLOYEE.value
    if not row.name:
        fault("no_name")
    elif len(row.name) > 120:
        fault("long_name")
    if not email:
        fault("no_email")
    elif not _is_email(email):
        fault("bad_email", email=row.email)
    elif account is not None and account.municipality_id != user.municipality_id:
        fault("other_municipality")
    elif account is not None and not account.is_active:
        fault("has_left")
    elif (other := first.get(email)) and _says_otherwise(other, row):
        fault("person_differs", other=other.number)
    if not row.unit:
        fault("no_unit")
    elif code not in known:
        fault("unknown_unit", code=row.unit)
    elif (unit := units.get(code)) is not None and unit.closed_on:
        fault("closed_unit", code=row.unit)
    elif unit is not None and not keeps(user, unit):
        fault("outside", code=row.unit)
    elif role == Role.DPO and (unit is None or unit.parent_id is not None):
        fault("dpo")
    if not role:
        fault("unknown_role", role=row.role)
    elif role in actions.SIGHT_OF_CASES and account is not None and account.pk == user.pk:
        fault("oneself")
    if row.language and not meaning(row.language, LANGUAGES):
        fault("unknown_language", language=row.language)
    if len(row.title) > 120:
        fault("long_title")
    return faults


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254 and text.isascii()


def _says_otherwise(one: PersonRow, other: PersonRow) -> bool:
    """Whether two rows about the same person contradict each other; what one leaves out it doesn't contradict."""
    languages = meaning(one.language, LANGUAGES), meaning(other.language, LANGUAGES)
    pairs = [(one.name, other.name), languages, (one.title, other.title)]
    return any(here and there and here != there for here, there in pairs)


def _changes_of_person(account: User, row: PersonRow) -> dict[str, str]:
    said = {"name": row.name, "title": row.title, "language": meaning(row.language, LANGUAGES)}
    return {name: value for name, value in said.items() if value and getattr(account, name) != value}


# Carrying out -------------------------------------------------------------------------------------------------------


@transaction.atomic
def carry_out(*, draft: ImportDraft, by: User, digest: str, invite: bool) -> Plan | None:
    """Do all of it, or nothing. ``None`` when it has been done already.

    Raises ``Changed`` when it would do something else than what was shown (``digest``), and when there are faults.
    """
    draft = ImportDraft.objects.select_for_update().get(pk=draft.pk)
    if draft.carried_out_at:
        return None
    municipality = actions.lock_organisation(by.municipality_id)
    todo = plan(Contents.from_json(draft.rows), by)
    if todo.faults or todo.digest != digest:
        raise Changed
    _carry_out_units(todo, municipality, by)
    given = _carry_out_people(todo, municipality, by, invite)
    if todo.changes_anything:
        record(
            municipality,
            "organisation.imported",
            by=by,
            units=len(todo.new_units) + len(todo.changed_units) + len(todo.moved_units),
            people=len(todo.new_people) + len(todo.changed_people),
            roles=len(todo.new_roles),
            opening=[each.pk for each in given if each.role in actions.SIGHT_OF_CASES],
        )
    draft.carried_out_at = timezone.now()
    draft.rows = {}
    draft.save(update_fields=["carried_out_at", "rows"])
    return todo


def _carry_out_units(todo: Plan, municipality: Unit, by: User) -> None:
    for unit, changes in todo.changed_units:
        actions.change_unit(unit=unit, by=by, **changes)
    units = _units_by_code(municipality.pk)
    moving = {unit.pk for unit, _parent, _name in todo.moved_units}
    moves: dict[int, str] = {unit.pk: parent for unit, parent, _name in todo.moved_units}
    waiting = list(todo.new_units)
    while waiting:
        # Those whose parent is there, all at once; the next round has those below them.
        ready = [row for row in waiting if (row.parent.casefold() or municipality.code.casefold()) in units]
        made = []
        for row in ready:
            parent = units[row.parent.casefold()] if row.parent else municipality
            if moving.intersection(parent.ancestor_ids):
                # Its place is still to come: first to the top, then down with the others.
                moves_to, parent = parent.code.casefold(), municipality
            else:
                moves_to = ""
            made.append((row, parent, moves_to))
        created = actions.create_units(
            rows=[
                (parent, row.name, row.code, meaning(row.kind, KINDS) or Unit.Kind.UNIT.value)
                for row, parent, _to in made
            ],
            by=by,
        )
        for unit, (_row, _parent, moves_to) in zip(created, made, strict=True):
            units[unit.code.casefold()] = unit
            if moves_to:
                moves[unit.pk] = moves_to
                moving.add(unit.pk)
        there = {row.number for row in ready}
        waiting = [row for row in waiting if row.number not in there]
    if moves:
        actions.move_units(
            moves={pk: units[parent].pk for pk, parent in moves.items()}, municipality_id=municipality.pk, by=by
        )


def _carry_out_people(todo: Plan, municipality: Unit, by: User, invite: bool) -> Sequence[Membership]:
    """Returns the roles given."""
    language = municipality.settings.language
    made = create_many(
        [
            actions.new_person(
                municipality=municipality,
                name=row.name,
                email=row.email,
                title=row.title,
                language=meaning(row.language, LANGUAGES) or language,
            )
            for row in todo.new_people
        ],
        "organisation.person_added",
        by=by,
        data=lambda _user: {"invite": invite},
    )
    for user, changes in todo.changed_people:
        actions.change_person(user=user, by=by, **changes)
    people = {user.email: user for user in made}
    missing = sorted({email for email, _code, _role in todo.new_roles} - set(people))
    for start in range(0, len(missing), AT_A_TIME):
        rows = User.objects.filter(email__in=missing[start : start + AT_A_TIME]).order_by("pk")
        people |= {user.email: user for user in rows}
    units = _units_by_code(municipality.pk)
    return create_many(
        [Membership(user=people[email], unit=units[code], role=role) for email, code, role in todo.new_roles],
        "organisation.role_granted",
        by=by,
        data=lambda membership: {
            "user": membership.user_id,
            "unit": membership.unit_id,
            "role": membership.role,
            "imported": True,
        },
    )


# What is there now, in the same form --------------------------------------------------------------------------------


def present_units(user: User) -> Iterable[list[str]]:
    """The open units the administrator keeps, as rows of the spreadsheet."""
    rows = Unit.objects.active().filter(kept(user)).select_related("parent").order_by("depth", "name", "pk")
    for unit in rows:
        yield [unit.code, unit.name, unit.parent.code if unit.parent else "", unit.kind]


def present_people(user: User) -> Iterable[list[str]]:
    """The people with a role where the administrator keeps, one row a role."""
    memberships = Membership.objects.on(timezone.localdate()).filter(kept(user, "unit__"), user__is_active=True)
    for held in memberships.select_related("user", "unit").order_by("user__name", "user", "unit__depth", "pk"):
        person = held.user
        yield [person.name, person.email, held.unit.code, held.role, person.language, person.title]

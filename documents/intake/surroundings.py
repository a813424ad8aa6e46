"""What the files of an import are held against: units, types, people, and the documents that are here already."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from documents import access
from documents.intake.guesses import Guess, folded
from documents.lifecycle import OPEN, State
from documents.models import Document, DocumentType, Intake, IntakeFile, Kind, Reach, TakenIn, Version
from kvalitetslosen import identity_numbers
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.organisation.routing import Leaders


class Surroundings:
    """What guesses are held against: the units one may write for, people and leaders. Asked for once a slice."""

    def __init__(self, intake: Intake) -> None:
        self.owner: User = intake.owner
        self.units = list(access.units_to_write_for(self.owner).order_by("depth", "pk"))
        self.by_name: dict[str, Unit] = {}
        for unit in self.units:
            for name in (unit.name, unit.code):
                if name:
                    self.by_name.setdefault(folded(name), unit)
        self.types = list(DocumentType.objects.visible_to(self.owner).active().in_order())
        people = User.objects.active().filter(municipality=intake.municipality_id).order_by("pk")
        self.people: defaultdict[str, list[int]] = defaultdict(list)
        for pk, name in people.values_list("pk", "name"):
            self.people[folded(name)].append(pk)
        self.leaders = Leaders.of(Q(unit__level_0=intake.municipality_id), timezone.localdate())
        home = self.owner.standing.home
        self.home = next((unit for unit in self.units if home is not None and unit.pk == home.pk), None)

    def unit_called(self, names: Iterable[str]) -> Unit | None:
        """The first of the names that is a unit's, whole; else the first that has one in it."""
        names = [folded(name) for name in names if name.strip()]
        for name in names:
            if name in self.by_name:
                return self.by_name[name]
        for name in names:
            fitting = [unit for key, unit in self.by_name.items() if len(key) > 4 and re.search(rf"\b{key}\b", name)]
            if fitting:
                return max(fitting, key=lambda unit: unit.depth)
        return None

    def placed(self, guessed: Guess) -> dict[str, Any]:
        """A guess as the fields of a row."""
        unit = self.unit_called(guessed.units) or self.home or (self.units[0] if len(self.units) == 1 else None)
        return {
            "title": guessed.title,
            "type": self.type_of(guessed),
            "number": guessed.number,
            "label": guessed.version,
            "unit": unit,
            "owner_id": self.owner_of(guessed, unit),
            "reach": Reach.MUNICIPALITY if unit is not None and unit.depth == 0 else Reach.UNIT,
            "approved_by": guessed.approved_by,
            "approved_on": guessed.approved_on,
            "revised_on": guessed.revised_on,
            "review_on": guessed.review_on,
            "laws": "\n".join(guessed.laws),
        }

    def type_of(self, guessed: Guess) -> DocumentType | None:
        """One of the municipality's own names in the title or the folders; else the shared kind, else a procedure."""
        said = {word for name in (guessed.title, *guessed.units) for word in (folded(name), *folded(name).split()[:1])}
        own = next((type for type in self.types if type.name and folded(type.name) in said), None)
        by_kind = {type.base: type for type in self.types if type.base}
        return own or by_kind.get(guessed.type) or by_kind.get(Kind.PROCEDURE) or next(iter(self.types), None)

    def owner_of(self, guessed: Guess, unit: Unit | None) -> int:
        """Somebody of that name, if only one has it; else the nearest leader; else whoever brings it."""
        for name in guessed.people:
            if len(fitting := self.people.get(folded(name), [])) == 1:
                return fitting[0]
        nearest = self.leaders.nearest(unit.ancestor_ids[::-1]) if unit is not None else None
        return (nearest.acting_for or nearest.user).pk if nearest else self.owner.pk

    def known_of(self, row: IntakeFile) -> dict[str, Any]:
        """What is said of a file that isn't taken in."""
        return {"sha256": row.sha256, "title": row.name[:200]} if not identity_numbers.blocks(row.name) else {}


# Of which document ---------------------------------------------------------------------------------------------------


def match_of(row: IntakeFile, by: User) -> Document | None:
    """The document that this file was, or that has its number, or its title in its unit; only what one may see."""
    seen = Document.objects.visible_to(by).select_related("unit", "type")
    if row.sha256:
        before = TakenIn.objects.of_file(row.sha256, by.municipality_id).values("version__document")
        living = Version.objects.filter(state__in=[State.IN_FORCE, *OPEN]).values("document")
        found = seen.filter(pk__in=before).filter(pk__in=living).order_by("-pk").first()
        if found is not None:
            return found
    if row.number and (found := seen.filter(number__iexact=row.number).first()) is not None:
        return found
    if row.title and row.unit_id:
        return seen.filter(title__iexact=row.title, unit=row.unit_id).order_by("pk").first()
    return None


def newest_of(document: Document) -> Version | None:
    """What is being written, else what applies, else what applied last."""
    rows = Version.objects.filter(document=document)
    once = rows.once_in_force().order_by("-in_force_from", "-pk")
    return rows.open().first() or rows.in_force().first() or once.first()


def is_same(row: IntakeFile, document: Document) -> bool:
    """Whether the document says already what the file says."""
    newest = newest_of(document)
    if newest is None or newest.state == State.WITHDRAWN:
        return False
    if row.sha256 and TakenIn.objects.filter(version=newest, sha256=row.sha256).exists():
        return True
    return (
        newest.title == row.title
        and bool(row.text)
        and newest.text.split() == row.text.split()
        and bool(newest.file) == row.is_pdf
        and newest.body.count("<img") == row.body.count("<img")
    )


def matched(row: IntakeFile, by: User) -> dict[str, Any]:
    """Of which document it is a new version, if of any; and whether it says anything new."""
    match = match_of(row, by)
    if match is None:
        return {"match": None}
    matched: dict[str, Any] = {"match": match}
    if match.type.is_active:  # a new version never changes what the document is
        matched["type"] = match.type
    if is_same(row, match):
        return matched | {"state": IntakeFile.State.SAME, "keep": False}
    return matched

"""The answers to questions about figures, counted a second time: from rows as the tables have them, in plain Python.

Nothing of how the product counts, splits, measures, cuts time or decides who sees what is used: what is in here was
written from the definitions people read, and from the table of rights in the design. Where something lies follows from
the parents of its unit, not from the levels on its row.
"""

from __future__ import annotations

import datetime
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from tests.figures.norwegian_time import day_of, norwegian, working_days
from tests.figures.raw_tables import NONE, Person, Tables, pairs, table, text

DAYS_TO = {"mottak": "received_at", "svar": "first_answer_at", "utfall": "closed_at", "lukking": "closed_at"}
LIMITS = {"mottak": "receive_by", "svar": "answer_by", "utfall": "deadline", "lukking": "deadline"}


@dataclass(frozen=True)
class Told:
    """One row, as a figure knows it."""

    pk: int
    day: datetime.date
    values: Mapping[str, str]
    measured: Mapping[str, int]


# What is counted


def cases(tables: Tables, person: Person, place: int, for_all: bool) -> Iterable[Told]:
    for row in tables.cases.values():
        if not tables.is_within(row.handling_unit_id, place):
            continue
        if row.source == "elsewhere" and row.state == "merged":
            continue
        if person.reads_figures_only(place):
            if row.about_id is not None:
                continue
        elif not person.sees_case(row) or (for_all and row.about_id is not None):
            continue
        yield _case(tables, row, place)


def _case(tables: Tables, row: SimpleNamespace, place: int) -> Told:
    at = norwegian(row.reported_at)
    ours = row.source != "elsewhere"
    with_outcome = row.state in ("closed", "not_deviation")
    measured = {"antall": 1}
    values = {
        "type": row.kind,
        "kategori": text(row.category_id),
        "hovedkategori": tables.main(row.category_id),
        "alvor": text(row.severity),
        "status": row.state,
        "skade": row.harm,
        "kilde": row.source or "her",
        "under": tables.right_below(row.handling_unit_id, place),
        "time": str(at.hour),
        "ukedag": str(at.isoweekday()),
        "prosedyre": text(row.breached_document_id),
        "tema": row.topic or "vanlig",
        "hjalp": NONE,
    }
    if ours and with_outcome and row.helped is not None:
        measured["virkning"] = int(row.helped)
        values["hjalp"] = "ja" if row.helped else "nei"
    for name, field in DAYS_TO.items():
        moment, limit = getattr(row, field), getattr(row, LIMITS[name])
        ended = None if name == "utfall" and not with_outcome else moment
        values[f"{name}-tid"] = NONE
        if ours and ended is not None:
            measured[name] = working_days(row.reported_at, ended)
            measured[f"{name}-innen"] = int(ended <= limit)
            values[f"{name}-tid"] = str(min(measured[name], 21))
        elif ours and moment is None and row.closed_at is None and limit < tables.now:
            measured[f"{name}-innen"] = 0
    return Told(row.id, at.date(), values, measured)


def ticks(tables: Tables, person: Person, place: int, _for_all: bool) -> Iterable[Told]:
    sheets = {row.id: row for row in table("deviations.TallySheet")}
    for row in table("deviations.Tick"):
        sheet, topic = sheets[row.sheet_id], tables.categories[row.category_id].topic
        if row.undone_at or row.became_id or not tables.is_within(sheet.unit_id, place):
            continue
        seen = (
            person.reads_figures_only(place)
            or sheet.handler_id == person.pk
            or person.leads(sheet.unit_id, serious=False)
            or person.over(sheet.unit_id, "quality_contact")
            or (topic == "hse" and person.over(sheet.unit_id, "safety_rep"))
            or (topic == "privacy" and person.roles["dpo"])
        )
        if seen:
            values = {
                "kategori": str(row.category_id),
                "hovedkategori": tables.main(row.category_id),
                "skift": row.shift,
                "skade": row.harm,
                "sted": text(row.place),
                "ukedag": str(row.date.isoweekday()),
                "under": tables.right_below(sheet.unit_id, place),
            }
            yield Told(row.id, row.date, values, {"antall": 1})


def actions(tables: Tables, person: Person, place: int, for_all: bool) -> Iterable[Told]:
    parts: dict[int, set[int]] = defaultdict(set)
    for part in table("improvement.ActionPart"):
        parts[part.action_id].add(part.owner_id)
    invited = pairs("improvement.Improvement.invited", "improvement", "user")
    works_on = {row.id: {row.owner_id, *invited[row.id]} for row in table("improvement.Improvement")}
    analyses = {row.id: row.owner_id for row in table("improvement.RiskAnalysis")}
    hazards = {row.id: analyses[row.analysis_id] for row in table("improvement.Hazard")}
    for row in tables.actions.values():
        case, talked_about = tables.cases.get(row.deviation_id), tables.talked_about(row)
        leaders = {each.about_id for each in (case, talked_about) if each and each.about_id}
        if not tables.is_within(row.unit_id, place) or person.pk in leaders:
            continue
        mine = row.owner_id == person.pk or person.pk in parts[row.id]
        mine = mine or person.pk in works_on.get(row.improvement_id, ()) or person.pk == hazards.get(row.hazard_id)
        places = (row.unit_id,) if case is None else (row.unit_id, case.handling_unit_id)
        told = talked_about is None or talked_about.about_id is None
        if (mine or person.oversees(case, *places, of_no_leader=told)) and not (for_all and leaders):
            yield _action(tables, person, row, place)


def _action(tables: Tables, person: Person, row: SimpleNamespace, place: int) -> Told:
    late = row.closed_at is None and row.deadline < tables.today
    origins = (("sak", row.deviation_id), ("forbedring", row.improvement_id), ("risiko", row.hazard_id),
               ("mote", row.agenda_item_id))  # fmt: skip
    measured = {"antall": 1}
    if row.closed_at:
        measured["tid"] = working_days(row.created_at, row.closed_at)
    if row.state == "done":
        measured["innen"] = int(day_of(row.closed_at) <= row.deadline)
    elif late:
        measured["innen"] = 0
    values = {
        "status": row.state,
        "styrke": text(row.strength),
        "frist": "sent" if late else "avsluttet" if row.closed_at else "i-rute",
        "opphav": next((name for name, key in origins if key), NONE),
        "under": tables.right_below(row.unit_id, place),
        "virkning": _effect(tables, person, row),
        "hovedkategori": NONE,
        "alvor": NONE,
    }
    case = tables.cases.get(row.deviation_id)
    if case is not None and person.sees_case(case):
        values |= {"hovedkategori": tables.main(case.category_id), "alvor": text(case.severity)}
    return Told(row.id, day_of(row.created_at), values, measured)


def _effect(tables: Tables, person: Person, action: SimpleNamespace) -> str:
    looks = [
        row
        for row in tables.checks
        if (row.action_id == action.id or (row.deviation_id and row.deviation_id == action.deviation_id))
        and row.state != "dropped"
        and _sees_check(tables, person, row)
    ]
    found = [row for row in looks if row.judged_at]
    if found:
        state: str = max(found, key=lambda row: (row.judged_at, row.id)).state
        return state
    return "venter" if looks else NONE


def _sees_check(tables: Tables, person: Person, row: SimpleNamespace) -> bool:
    case = tables.cases.get(row.deviation_id)
    if case is None:
        action = tables.actions[row.action_id]
        if (talked_about := tables.talked_about(action)) and talked_about.about_id == person.pk:
            return False
        owner = action.owner_id
        return person.pk in (row.owner_id, owner) or person.over(row.unit_id, "leader", "quality_contact")
    if case.about_id == person.pk:
        return False
    return row.owner_id == person.pk or person.oversees(case, case.handling_unit_id)


def checks(tables: Tables, person: Person, place: int, for_all: bool) -> Iterable[Told]:
    for row in tables.checks:
        if not tables.is_within(row.unit_id, place) or not _sees_check(tables, person, row):
            continue
        case = tables.cases.get(row.deviation_id)
        talked_about = tables.talked_about(tables.actions.get(row.action_id))
        if for_all and any(each and each.about_id for each in (case, talked_about)):
            continue
        measured = {"antall": 1}
        if row.state in ("effective", "ineffective"):
            measured["virket"] = int(row.state == "effective")
        values = {"status": row.state, "under": tables.right_below(row.unit_id, place)}
        yield Told(row.id, row.opens_on, values, measured)


def versions(tables: Tables, person: Person, place: int, _for_all: bool) -> Iterable[Told]:
    works_below = {unit for units in person.roles.values() for each in units for unit in tables.line(each)}
    for row in table("documents.Version"):
        document = tables.documents[row.document_id]
        if row.state not in ("in_force", "replaced", "withdrawn") or not tables.is_within(document.unit_id, place):
            continue
        reaches = document.reach == "municipality" or document.unit_id in works_below
        seen = (
            person.pk in (row.author_id, row.edited_by_id, document.owner_id)
            or person.over(document.unit_id, "leader", "quality_contact")
            or (row.state == "in_force" and reaches)
        )
        if not seen:
            continue
        review = NONE
        if row.state == "in_force":
            review = "over" if document.review_on and document.review_on < tables.today else "i-rute"
        values = {
            "type": str(document.type_id),
            "status": row.state,
            "gjennomgang": review,
            "gjelder": document.reach,
            "under": tables.right_below(document.unit_id, place),
        }
        yield Told(row.id, day_of(row.in_force_from), values, {"antall": 1})


def readings(tables: Tables, person: Person, place: int, _for_all: bool) -> Iterable[Told]:
    asked: dict[tuple[int, int], list[tuple[datetime.date, int]]] = defaultdict(list)
    majors = {row.id: row.major for row in table("documents.Version")}
    for row in table("documents.ReadRequirement"):
        asked[row.document_id, majors[row.version_id]].append((row.due_on, row.id))
    for row in table("documents.ReadReceipt"):
        held = [each for each in tables.memberships if each.user_id == row.user_id]
        led = any(person.over(each.unit_id, "leader") for each in held)
        here = [each for each in held if each.role in ("employee", "leader") and tables.is_within(each.unit_id, place)]
        if not here or not (led or row.user_id == person.pk):
            continue
        topmost = min(here, key=lambda each: (len(tables.line(each.unit_id)), each.id))
        measured = {"antall": 1}
        if due := asked.get((row.document_id, row.major)):
            measured["innen"] = int(day_of(row.at) <= min(due)[0])
        values = {
            "type": str(tables.documents[row.document_id].type_id),
            "dokument": str(row.document_id),
            "under": tables.right_below(topmost.unit_id, place),
        }
        yield Told(row.id, day_of(row.at), values, measured)


def improvements(tables: Tables, person: Person, place: int, _for_all: bool) -> Iterable[Told]:
    invited = pairs("improvement.Improvement.invited", "improvement", "user")
    tied = pairs("improvement.Improvement.measures", "improvement", "measure")
    helping = pairs("improvement.Measure.invited", "measure", "user")
    followed = {row.id: row for row in table("improvement.Measure")}
    for row in table("improvement.Improvement"):
        mine = row.owner_id == person.pk or person.pk in invited[row.id]
        if not tables.is_within(row.unit_id, place) or not (
            mine or person.over(row.unit_id, "leader", "quality_contact")
        ):
            continue
        said = {
            each.verdict
            for each in map(followed.__getitem__, tied[row.id])
            if each.owner_id == person.pk
            or person.pk in helping[each.id]
            or person.over(each.unit_id, "leader", "quality_contact")
        }
        effect = next((each for each in ("worse", "improved", "unchanged", "too_early") if each in said), NONE)
        measured = {"antall": 1}
        if row.finished_at:
            measured["tid"] = working_days(row.begun_at, row.finished_at)
        values = {"status": row.state, "virkning": effect, "under": tables.right_below(row.unit_id, place)}
        yield Told(row.id, day_of(row.begun_at), values, measured)


def inquiries(tables: Tables, person: Person, place: int, for_all: bool) -> Iterable[Told]:
    for row in table("improvement.Inquiry"):
        case = tables.cases.get(row.deviation_id)
        if not tables.is_within(row.unit_id, place) or (case and case.about_id == person.pk):
            continue
        one_above = tables.units[row.upper_id].parent_id in person.roles["leader"]
        may_know = case is None or (person.sees_case(case) and not person.reported(case))
        if person.pk not in (row.asker_id, row.asked_id) and not (one_above and may_know):
            continue
        if for_all and case and case.about_id:
            continue
        measured = {"antall": 1}
        if row.answered_at:
            measured["tid"] = working_days(row.asked_at, row.answered_at)
            measured["innen"] = int(day_of(row.answered_at) <= row.due_on)
        elif row.state == "asked" and row.due_on < tables.today:
            measured["innen"] = 0
        values = {
            "status": row.state,
            "tema": row.topic,
            "kategori": text(row.category_id),
            "under": tables.right_below(row.unit_id, place),
        }
        yield Told(row.id, day_of(row.asked_at), values, measured)


def meetings(tables: Tables, person: Person, place: int, _for_all: bool) -> Iterable[Told]:
    members = pairs("improvement.Forum.members", "forum", "user")
    forums = {row.id: row for row in table("improvement.Forum")}
    for row in table("improvement.Meeting"):
        forum = forums[row.forum_id]
        if forum.network_id or person.pk not in members[forum.id] or not tables.is_within(forum.unit_id, place):
            continue
        at = norwegian(row.starts_at)
        values = {
            "type": forum.kind,
            "status": row.state,
            "time": str(at.hour),
            "ukedag": str(at.isoweekday()),
            "under": tables.right_below(forum.unit_id, place),
        }
        yield Told(row.id, at.date(), values, {"antall": 1})


SUBJECTS: dict[str, Callable[[Tables, Person, int, bool], Iterable[Told]]] = {
    "avvik": cases,
    "telling": ticks,
    "tiltak": actions,
    "effekt": checks,
    "dokumenter": versions,
    "lesing": readings,
    "forbedring": improvements,
    "sporsmal": inquiries,
    "moter": meetings,
}


class Counted(Tables):
    """All there is to count, and what of it each person's figures are made of."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[Any, list[Told] | None] = {}

    def told(self, subject: str, user: int, place: int, *, for_all: bool = False) -> list[Told] | None:
        """What the person's figures of the place are made of; None where they have none."""
        key = subject, user, place, for_all
        if key not in self._told:
            person = self.person(user)
            if not person.has_figures(subject, place):
                self._told[key] = None
            else:
                self._told[key] = list(SUBJECTS[subject](self, person, place, for_all))
        return self._told[key]


_CASE_TIMES = tuple(f"{name}-tid" for name in DAYS_TO)
SPLITS = {
    "avvik": (
        "type", "hovedkategori", "kategori", "alvor", "status", "skade", "kilde", "under", "time", "ukedag",
        "prosedyre", "tema", "hjalp", *_CASE_TIMES,
    ),
    "telling": ("kategori", "hovedkategori", "skift", "skade", "sted", "ukedag", "under"),
    "tiltak": ("status", "styrke", "frist", "opphav", "virkning", "hovedkategori", "alvor", "under"),
    "effekt": ("status", "under"),
    "dokumenter": ("type", "status", "gjennomgang", "gjelder", "under"),
    "lesing": ("type", "dokument", "under"),
    "forbedring": ("status", "virkning", "under"),
    "sporsmal": ("status", "tema", "kategori", "under"),
    "moter": ("type", "status", "time", "ukedag", "under"),
}  # fmt: skip
MEASURES = {
    "avvik": ("antall", *DAYS_TO, *(f"{name}-innen" for name in DAYS_TO), "virkning"),
    "telling": ("antall",),
    "tiltak": ("antall", "tid", "innen"),
    "effekt": ("antall", "virket"),
    "dokumenter": ("antall",),
    "lesing": ("antall", "innen"),
    "forbedring": ("antall", "tid"),
    "sporsmal": ("antall", "tid", "innen"),
    "moter": ("antall",),
}
MEDIANS = frozenset({*DAYS_TO, "tid"})


# Numbers


def value(rows: Iterable[Told], measure: str) -> float | None:
    numbers = [row.measured[measure] for row in rows if measure in row.measured]
    if measure == "antall":
        return len(numbers)
    if not numbers:
        return None
    if measure in MEDIANS:
        return statistics.median(numbers)
    rounded = round(100 * sum(numbers) / len(numbers))
    if rounded == 100 and not all(numbers):
        return 99
    return 1 if rounded == 0 and any(numbers) else rounded

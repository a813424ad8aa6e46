"""The journal as sentences: who did what, old and new in words, and no name that is hidden."""

import ast
import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from deviations import actions
from deviations.lifecycle import LIFECYCLE
from deviations.models import Category, Deviation, Kind
from deviations.whistle import journal as whistle_journal
from deviations.whistle.lifecycle import LIFECYCLE as WHISTLE
from kvalitetslosen.journal import sentences
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.record import create, record
from kvalitetslosen.journal.sentences import Told, tell
from kvalitetslosen.organisation import actions as organisation
from kvalitetslosen.organisation.models import User
from tests.people import World


@pytest.fixture(autouse=True)
def _in_english() -> object:
    with translation.override("en"):
        yield


def report(world: World, **how: object) -> Deviation:
    usual: dict[str, object] = {
        "by": world.nora, "unit": world.home_care, "kind": Kind.DEVIATION, "text": "Noe skjedde",
    }  # fmt: skip
    make: Callable[..., Deviation] = actions.report
    return make(**(usual | how))


def story(case: Deviation, reader: User | None = None) -> list[Told]:
    return tell(Event.objects.about(case), reader)


def last(case: Deviation, reader: User | None = None) -> str:
    return story(case, reader)[-1].sentence


def test_a_report_says_who_and_where_it_went(world: World) -> None:
    assert last(report(world)) == "Nora Nygård reported the case. It went to Leif Lund."


def test_a_deputy_is_told_with_the_one_they_stand_in_for(world: World) -> None:
    today = timezone.localdate()
    organisation.appoint_deputy(principal=world.leif, deputy=world.greta, valid_from=today, valid_to=today, by=None)
    said = last(report(world))
    assert said == "Nora Nygård reported the case. It went to Greta Gran, who stands in for Leif Lund."


def test_the_reader_is_you(world: World) -> None:
    case = report(world)
    actions.receive(deviation=case, by=world.leif)
    assert last(case, world.leif) == "You received the case."
    assert last(case, world.nora) == "Leif Lund received the case."


def test_a_hidden_reporter_is_the_reporter_to_everybody(world: World) -> None:
    case = report(world, hide_name=True)
    actions.receive(deviation=case, by=world.leif)
    actions.ask_reporter(deviation=case, by=world.leif, text="Hva skjedde?")
    actions.answer(deviation=case, by=world.nora, text="Dette")
    actions.write_message(deviation=case, by=world.nora, text="Mer", from_reporter=True)
    actions.close(deviation=case, by=world.leif, outcome="Takk")
    actions.say_whether_it_helped(deviation=case, by=world.nora, helped=False)
    actions.reopen(deviation=case, by=world.nora, note="Det skjer ennå")
    actions.open_identity(deviation=case, by=world.kristin, reason="Fare for liv")
    for reader in (None, world.leif, world.kristin, world.nora):
        whole = story(case, reader)
        assert "Nora" not in " ".join(told.sentence + told.who + told.note for told in whole)
    said = [told.sentence for told in story(case)]
    assert said[0] == "The reporter reported the case."
    assert "The reporter answered." in said
    assert "The reporter said that the answer did not help." in said
    assert said[-1] == "Kristin Krog looked at the reporter's hidden name."
    assert story(case)[-1].note == "Fare for liv"


def test_severity_and_deadline_are_told_from_old_to_new(world: World) -> None:
    case = report(world, at=datetime.datetime(2026, 9, 1, 10, tzinfo=datetime.UTC))
    actions.receive(deviation=case, by=world.leif)
    actions.assess(deviation=case, by=world.leif, consequence=2, probability=3)
    assert last(case) == "Leif Lund assessed the severity as moderate (2 × 3)."
    actions.assess(deviation=case, by=world.leif, consequence=5, probability=3)
    assert last(case) == (
        "Leif Lund changed the severity from moderate to critical. "
        "The deadline was moved from 13 October 2026 to 29 September 2026."
    )
    actions.assess(deviation=case, by=world.leif, consequence=5, probability=4)
    assert last(case) == "Leif Lund assessed the severity anew, and it stayed the same."


def test_unit_and_handler_are_told_from_old_to_new_with_the_note(world: World) -> None:
    case = report(world)
    actions.forward(deviation=case, by=world.leif, to=world.nursing_home, note="Skjedde hos dere")
    told = story(case)[-1]
    assert told.sentence == "Leif Lund sent the case from Hjemmetjenesten to Sykehjemmet. It went to Hans Haug."
    assert told.note == "Skjedde hos dere"
    actions.receive(deviation=case, by=world.sunniva)
    assert last(case) == "Sunniva Sand received the case, which lay with Hans Haug."
    actions.hand_over_case(deviation=case, by=world.ada, to=world.hans)
    assert last(case) == "Ada Aas handed the case over from Sunniva Sand to Hans Haug."
    actions.take_over(deviation=case, by=world.sunniva)
    assert last(case) == "Sunniva Sand took over the case from Hans Haug."
    actions.escalate(deviation=case, by=world.sunniva, note="Trenger penger")
    assert "sent the case up to" in last(case)


def test_kind_and_category_are_told_from_old_to_new(world: World) -> None:
    def category(name: str) -> Category:
        return create(Category(municipality=world.municipality, name=name), "deviations.category_added", by=None)

    falls, drugs = category("Fall"), category("Legemiddel")
    case = report(world, category=falls)
    actions.reclassify(deviation=case, by=world.leif, kind=Kind.NEAR_MISS, category=drugs, breached_document=None)
    assert last(case) == (
        "Leif Lund changed the kind from deviation to near miss. "
        "Leif Lund changed the category from “Fall” to “Legemiddel”."
    )
    actions.reclassify(deviation=case, by=world.leif, kind=Kind.NEAR_MISS, category=None, breached_document=None)
    assert last(case) == "Leif Lund removed the category “Legemiddel”."


def test_closing_says_so_and_repeats_no_outcome(world: World) -> None:
    case = report(world)
    actions.receive_and_close(deviation=case, by=world.leif, outcome="Nora må lære det", consequence=2, probability=2)
    assert last(case) == (
        "Leif Lund received the case and closed it with an answer to the reporter. The severity was assessed as low."
    )


def test_two_cases_become_one(world: World) -> None:
    first, second = report(world), report(world)
    actions.merge(deviation=second, by=world.leif, into=first)
    assert last(second) == f"Leif Lund merged the case into {first.reference}."


def test_telling_costs_the_same_for_five_events_and_for_fifty(world: World) -> None:
    def costs(rounds: int) -> int:
        case = report(world)
        for _ in range(rounds):
            actions.forward(deviation=case, by=world.kaja, to=world.nursing_home, note="dit")
            actions.forward(deviation=case, by=world.kaja, to=world.home_care, note="og hit")
        events = list(Event.objects.about(case))
        with CaptureQueriesContext(connection) as queries:
            assert len(tell(events, world.leif)) == 2 * rounds + 1
        return len(queries)

    assert costs(2) == costs(25) == 2, "people and units"


def test_an_event_nobody_has_a_sentence_for_is_still_told(world: World) -> None:
    case = report(world)
    record(case, "somewhere.unheard_of", by=world.leif)
    assert last(case) == "Leif Lund made a change."


def recorded_in(path: Path) -> set[str]:
    """The types of event a module writes, as they stand in its source."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        written: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) > 1:
            written = node.args[1] if node.func.id in ("record", "change", "create") else None
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            written = node.value if node.targets[0].id == "event" else None
        if isinstance(written, ast.Constant) and isinstance(written.value, str):
            found.add(written.value)
    return found


def test_every_event_of_a_case_has_a_sentence() -> None:
    types = {step.event for step in LIFECYCLE}
    sealed = set()  # the sealed channel has a journal and sentences of its own, and its settings are in the common one
    for path in (Path(settings.BASE_DIR) / "deviations").rglob("*.py"):
        if path.parent.name == "whistle":
            sealed |= recorded_in(path)
        else:
            types |= recorded_in(path)
    types |= {each for each in sealed if each.startswith("deviations.")}
    own = sealed - types | {step.event for step in WHISTLE}
    assert own <= set(whistle_journal.SENTENCES)
    assert {"deviations.reported", "deviations.judged", "deviations.overdue_told", "deviations.rules_set"} <= types
    assert {name for name in types if not sentences.known(name)} == set()

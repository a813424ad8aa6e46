"""The table of docs/decisions/0048: role × what the action stands on × who may see it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from deviations import actions as cases
from deviations.models import Deviation, Kind
from improvement import actions
from improvement.models import Action, ActionQuerySet, Answer, EffectCheck, Forum, ForumKind
from kvalitetslosen.organisation.models import User
from tests.improvement.conftest import SECRET_TEXT
from tests.improvement.test_a_meeting_is_held import brought, planned
from tests.improvement.test_who_sees_an_action import EVERYBODY, those_who_list, those_who_open
from tests.people import World

Login = Callable[[User], Client]
Plan = Callable[..., Action]

TODAY = timezone.localdate


def own(world: World, plan: Plan) -> Action:
    return plan()


def of_case(world: World, plan: Plan) -> Action:
    case = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose")
    return plan(deviation=case)


def of_case_of_a_leader(world: World, plan: Plan) -> Action:
    """Sunniva, who leads above, reported it: Leif handles it."""
    case = cases.report(by=world.sunniva, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose")
    return plan(deviation=case)


def of_case_about_leif(world: World, plan: Plan) -> Action:
    case = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Om lederen", about_leader=True)
    return plan(deviation=case, by=world.sunniva)


def of_finding(world: World, plan: Plan) -> Action:
    """Hans leads the audit and Tiril takes part; she taps, so that the case is hers."""
    audit = actions.plan_audit(
        by=world.kristin, title="Legemidler", unit=world.home_care, owner=world.hans, auditors=[world.tiril],
        period_first=TODAY(), period_last=TODAY(), held_on=TODAY(), held_until=TODAY(),
    )  # fmt: skip
    actions.add_points(audit=audit, by=world.hans, points=[actions.Asked("Er dosetten merket?")])
    actions.begin_audit(audit=audit, by=world.hans)
    point = audit.points.get()
    actions.answer_point(point=point, by=world.tiril, answer=Answer.NOT, evidence="Tre av ti var det.")
    case = actions.report_finding(point=point, by=world.tiril, text="Umerkede dosetter")
    return plan(deviation=case)


def of_improvement(world: World, plan: Plan) -> Action:
    """Of one from a case, which Hans leads from beside, with Tiril and Vidar in the team."""
    case = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose")
    improvement = actions.begin_improvement(
        by=world.leif, title="Doser til rett tid", unit=world.home_care, owner=world.hans, cases=[case]
    )
    for person in (world.tiril, world.vidar):
        actions.invite_to_team(improvement=improvement, by=world.leif, person=person)
    return plan(improvement=improvement)


def of_hazard(world: World, plan: Plan) -> Action:
    """Of an analysis that applies, which Per has."""
    analysis = actions.begin_analysis(by=world.leif, title="Legemidler", unit=world.home_care, owner=world.per)
    hazard = actions.add_hazard(
        analysis=analysis, by=world.leif, what="Feil dose", consequence=4, probability=3,
        expected_consequence=4, expected_probability=1,
    )  # fmt: skip
    actions.let_apply(analysis=analysis, by=world.leif, review_on=TODAY() + datetime.timedelta(days=365))
    return plan(hazard=hazard)


def of_meeting(world: World, plan: Plan, case: Deviation | None = None) -> Action:
    """Of Leif's team, with Nora and Tiril: about a case that she reported, with her name hidden."""
    forum = actions.found_forum(
        by=world.leif, name="Teamet", kind=ForumKind.TEAM, unit=world.home_care, members=[world.nora, world.tiril]
    )
    hidden = case or cases.report(
        by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil dose", hide_name=True
    )
    item = brought(planned(forum), hidden, world.leif)
    assert Forum.objects.visible_to(world.tiril).exists()
    return actions.decide(
        item=item, by=world.leif, what=SECRET_TEXT, owner=world.greta, deadline=TODAY() + datetime.timedelta(days=14)
    )


STANDS_ON: dict[str, Callable[[World, Plan], Action]] = {
    "nothing": own,
    "case": of_case,
    "case a leader reported": of_case_of_a_leader,
    "case about a leader": of_case_about_leif,
    "audit finding": of_finding,
    "improvement": of_improvement,
    "hazard": of_hazard,
    "meeting": of_meeting,
}
"""The columns of the table."""

WHO = {
    "whoever does it": "greta",
    "leader of the unit": "leif",
    "leader above": "sunniva",
    "chief executive": "rolf",
    "quality contact": "kaja",
    "quality coordinator": "kristin",
    "safety representative": "vidar",
    "union representative": "tiril",
    "data protection officer": "per",
    "leader beside": "hans",
    "colleague": "nora",
    "administrator": "ada",
    "another municipality": "mona",
}
"""The rows of the table, and who of the tests stands there."""


def written() -> dict[tuple[str, str], bool]:
    """What the decision says: for each role and kind whether it sees the action."""
    (text,) = (Path(settings.BASE_DIR) / "docs" / "decisions").glob("0048-*.md")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.read_text().splitlines()
        if re.match(r"\|(?! *-)", line)
    ]  # fmt: skip
    (_corner, *kinds), *lines = rows
    return {
        (who, kind): cell.startswith("yes") for who, *cells in lines for kind, cell in zip(kinds, cells, strict=True)
    }


def test_the_table_is_whole() -> None:
    assert set(WHO.values()) == set(EVERYBODY)
    assert set(written()) == {(who, kind) for who in WHO for kind in STANDS_ON}


@pytest.mark.parametrize("kind", STANDS_ON)
def test_who_sees_it(world: World, login: Login, plan: Plan, kind: str) -> None:
    action = STANDS_ON[kind](world, plan)
    expected = {name for who, name in WHO.items() if written()[who, kind]}
    assert those_who_open(world, login, action) == expected
    oversee = {"leif", "sunniva", "rolf", "hans", "kaja", "kristin"}
    assert those_who_list(world, login) >= expected & oversee, "the list of one's area shows no less"
    assert those_who_list(world, login) <= expected, "nor more"


def test_who_only_reads_along_decides_nothing(world: World, login: Login, plan: Plan) -> None:
    for kind, people in {"improvement": ("hans", "tiril", "vidar"), "hazard": ("per",)}.items():
        action = STANDS_ON[kind](world, plan)
        for name in people:
            client = login(getattr(world, name))
            assert "/steg/" not in client.get(action.get_absolute_url()).text
            assert client.post(f"/tiltak/{action.pk}/steg/finish/", {"seen": 1}).status_code == 403


def test_who_leaves_the_team_sees_it_no_more(world: World, login: Login, plan: Plan) -> None:
    action = of_improvement(world, plan)
    assert login(world.vidar).get(action.get_absolute_url()).status_code == 200
    assert action.improvement
    action.improvement.invited.remove(world.vidar)
    assert login(world.vidar).get(action.get_absolute_url()).status_code == 404


def test_what_a_meeting_decided_in_a_case_about_a_leader_stays_from_that_leader(
    world: World, login: Login, plan: Plan, case: Deviation
) -> None:
    """No case about a leader comes onto an agenda; were one there, it would tell no more than the case."""
    action = of_meeting(world, plan, case)
    check = EffectCheck(action=action, owner=world.leif, criterion="Ingen flere", looks_from=TODAY(), opens_on=TODAY())
    check.place_in(world.home_care)
    check.save()
    assert {"leif", "kaja"} <= those_who_open(world, login, action)
    assert EffectCheck.objects.visible_to(world.leif).exists()
    Deviation.objects.filter(pk=case.pk).update(about=world.leif)
    assert those_who_open(world, login, action) == {"greta", "sunniva", "rolf"}
    assert not EffectCheck.objects.visible_to(world.leif).exists()


@pytest.mark.parametrize(("hide_name", "told"), [(True, False), (False, True)])
def test_colleagues_read_of_what_a_meeting_decided_unless_a_name_was_hidden(
    world: World, login: Login, plan: Plan, hide_name: bool, told: bool
) -> None:
    case = cases.report(by=world.nora, unit=world.home_care, kind=Kind.DEVIATION, text="Feil", hide_name=hide_name)
    action = of_meeting(world, plan, case)
    page = login(world.leif).get(action.get_absolute_url()).text
    assert (f"/tiltak/{action.pk}/steg/share/" in page) == told
    actions.share(action=action, by=world.leif)
    actions.finish(action=action, by=world.greta, done_note="Hengt opp")
    shared: ActionQuerySet = Action.objects.shared_with(world.nora)
    assert shared.filter(pk=action.pk).exists() == told

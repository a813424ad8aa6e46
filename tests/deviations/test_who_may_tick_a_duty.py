"""The table of role × kind of case × question × step, cell by cell over HTTP: who sees a duty, and who may do what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from deviations import actions, duties
from deviations.lifecycle import DUTY
from deviations.models import Duty
from deviations.views.duties import STEPS
from kvalitetslosen.organisation.models import User
from tests.deviations.cases import KINDS, overseers
from tests.deviations.duties import yes
from tests.people import World

ALL = set(STEPS)
QUALITY = {"done", "fill_in"}
LOOK: set[str] = set()

LINE = {"leif": ALL, "sunniva": ALL, "rolf": ALL, "kaja": QUALITY, "kristin": QUALITY}
BY_LEADER = {"sunniva": ALL, "rolf": ALL, "kaja": QUALITY, "kristin": QUALITY}

# Who is not named in a row gets 404 for the duty and for each of its steps. Tiril is named as municipal doctor.
TABLE: dict[tuple[str, str], dict[str, set[str]]] = {
    ("ordinary", duties.PATIENT): LINE,
    ("ordinary", duties.PRIVACY): LINE | {"per": ALL},
    ("ordinary", duties.EMPLOYEE): LINE | {"vidar": LOOK},
    ("ordinary", duties.OUTBREAK): LINE | {"tiril": ALL},
    ("ordinary", duties.ICT): LINE,
    ("hse", duties.PATIENT): LINE | {"vidar": LOOK},
    ("privacy", duties.PRIVACY): LINE | {"per": ALL},
    ("hidden name", duties.PRIVACY): LINE | {"per": ALL},
    ("about the leader", duties.PRIVACY): {"sunniva": ALL, "rolf": ALL},
    ("about the leader", duties.OUTBREAK): {"sunniva": ALL, "rolf": ALL},
    ("by the leader", duties.PRIVACY): BY_LEADER | {"per": ALL},
}


@pytest.mark.one_kind  # whom a case is visible to is tried on each kind beside the table of steps in a case
@pytest.mark.parametrize(("kind", "question"), TABLE)
def test_each_sees_and_does_what_the_table_says(
    world: World, login: Callable[[User], Client], kind: str, question: str
) -> None:
    actions.set_duty_settings(municipality_id=world.municipality.pk, by=world.ada, doctor=world.tiril)
    case = KINDS[kind](world)
    assert case.handler is not None
    duty = min(yes(case, case.handler, question).values(), key=lambda each: each.due_at)
    for who in overseers(world):
        client = login(world.people[who])
        allowed = TABLE[kind, question].get(who)
        expected = 404 if allowed is None else 200
        for path in ("",):
            answer = client.get(f"{duty.get_absolute_url()}{path}")
            assert answer.status_code == expected, (kind, question, who, path)
        for name in STEPS:
            answer = client.post(f"{duty.get_absolute_url()}steg/{name}/", {"seen": "-1"})
            if allowed is None:
                assert answer.status_code == 404, (kind, question, who, name)
            elif name in allowed:
                assert answer.status_code in (200, 302), (kind, question, who, name)
            else:
                assert answer.status_code == 403, (kind, question, who, name)
        listed = client.get("/meldeplikter/")
        assert (duty.get_absolute_url() in listed.text) == (allowed is not None), (kind, question, who)
        assert (duty.get_absolute_url() in client.get("/").text) == (allowed is not None), (kind, question, who)
    duty.refresh_from_db()
    assert duty.events_count == 1, "somebody changed the duty with an empty form"


ANSWERS = {
    "ordinary": {"leif", "sunniva", "rolf", "kaja", "kristin"},
    "privacy": {"leif", "sunniva", "rolf", "kaja", "kristin", "per"},
    "hse": {"leif", "sunniva", "rolf", "kaja", "kristin"},
    "about the leader": {"sunniva", "rolf"},
    "by the leader": {"sunniva", "rolf", "kaja", "kristin"},
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_who_may_answer_the_questions(world: World, login: Callable[[User], Client], kind: str) -> None:
    case = KINDS[kind](world)
    for who in overseers(world):
        client = login(world.people[who])
        sees = client.get(case.get_absolute_url()).status_code == 200
        expected = 200 if who in ANSWERS[kind] else 403 if sees else 404
        assert client.get(f"{case.get_absolute_url()}varsling/").status_code == expected, (kind, who)
    if kind == "privacy":
        login(world.per).post(f"{case.get_absolute_url()}varsling/", {"employee": "yes", "privacy": "yes"})
        assert set(Duty.objects.values_list("triage", flat=True)) == {duties.PRIVACY}, "his own question only"


def test_every_step_of_the_table_is_on_a_page_or_follows_from_something_else() -> None:
    assert {step.name for step in DUTY if step.parts} == set(STEPS)

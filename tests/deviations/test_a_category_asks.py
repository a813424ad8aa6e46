"""A category asks something besides: the form stays quick, nobody is held up, and the answers follow the case."""

from __future__ import annotations

import decimal
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deviations import actions, exports
from deviations.models import Answer, Category, Deviation, Topic
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.deviations import asking, cases
from tests.deviations.asking import name
from tests.deviations.cases import TEXT
from tests.people import World

pytestmark = pytest.mark.database
Login = Callable[[User], Client]


def sent(world: World, category: Category, **more: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()), "text": TEXT, "unit": str(world.home_care.pk), "happened": "now",
        "kind": "deviation", "category": str(category.pk),
    } | more  # fmt: skip


def answered(world: World, category: Category, **more: Any) -> dict[str, Any]:
    """As the form sends it once the questions are shown."""
    return sent(world, category, asked=str(category.asks_id)) | {
        name("Hvordan var gulvet?"): "wet", name("Hvorfor vått?"): "Nyvasket uten skilt.", name("Hvor høyt?"): "1,5",
        name("Når sist kontrollert?"): "2026-11-20", name("Hvor?"): "In the bathroom",
    } | more  # fmt: skip


def values(deviation: Deviation) -> dict[str, str | None]:
    rows = Answer.objects.filter(deviation=deviation).select_related("question")
    return {row.question.label: row.given for row in rows}


def main_of(answer: Any) -> str:
    main = BeautifulSoup(answer.content, "html.parser").main
    return " ".join(main.get_text(" ").split()) if main else ""


def read_error(page: Any, field: str) -> str:
    found = BeautifulSoup(page.content, "html.parser").find(id=f"id_{field}_error")
    return found.text if found else ""


def test_without_script_the_questions_come_as_a_step_with_all_that_was_typed(world: World, login: Login) -> None:
    category = asking.falls(world)
    client = login(world.nora)
    page = client.post("/meld/", sent(world, category, done_at_once="Hjalp ham opp."))
    assert not Deviation.objects.exists()
    assert TEXT in page.text
    assert "Hjalp ham opp." in page.text
    assert "Nearly there" in main_of(page)
    assert "Hvordan var gulvet?" in page.text
    assert "must be put right" not in page.text, "nothing is wrong yet"
    assert f'name="asked" value="{category.asks_id}"' in page.text
    answer = client.post("/meld/", answered(world, category))
    assert answer.status_code == 302
    deviation = Deviation.objects.get()
    assert deviation.question_set_id == category.asks_id
    assert values(deviation) == {
        "Hvordan var gulvet?": "wet", "Hvorfor vått?": "Nyvasket uten skilt.", "Hvor høyt?": "1.5",
        "Når sist kontrollert?": "2026-11-20", "Hvor?": "bathroom",
    }  # fmt: skip
    height = Answer.objects.get(question__label="Hvor høyt?")
    assert height.number == decimal.Decimal("1.5")
    told = Event.objects.about(deviation).get().data
    assert len(told["answered"]) == 5
    assert "Nyvasket" not in str(told)


def test_with_script_the_chosen_category_brings_its_questions(world: World, login: Login) -> None:
    category, silent = asking.falls(world), cases.category(world, "Uro")
    client = login(world.nora)
    assert 'hx-get="/meld/sporsmal/"' in client.get("/meld/").text
    brought = client.get("/meld/sporsmal/", {"category": category.pk}).text
    assert "Hvordan var gulvet?" in brought
    assert "<html" not in brought
    assert "answer_later" in brought
    for nothing in (silent.pk, "", "x", 10**30):
        assert client.get("/meld/sporsmal/", {"category": nothing}).text.strip() == ""
    assert login(world.mona).get("/meld/sporsmal/", {"category": category.pk}).text.strip() == ""


def test_what_must_be_answered_is_asked_for_and_never_stops_a_report(world: World, login: Login) -> None:
    category = asking.falls(world)
    client = login(world.nora)
    empty = {name("Hvordan var gulvet?"): "", name("Hvorfor vått?"): ""}
    page = client.post("/meld/", answered(world, category, **empty))
    assert not Deviation.objects.exists()
    assert "Choose an answer to “Hvordan var gulvet?”." in page.text
    assert "Fill in “Hvorfor vått?”." not in page.text, "asked only where the floor was wet"
    assert client.post("/meld/", answered(world, category, **empty, answer_later="on")).status_code == 302
    deviation = Deviation.objects.get()
    assert values(deviation)["Hvordan var gulvet?"] is None
    assert "Not answered yet: «Hvordan var gulvet?»" in main_of(login(world.leif).get(deviation.get_absolute_url()))


def test_of_an_idea_nothing_is_asked(world: World, login: Login) -> None:
    category = asking.falls(world)
    assert login(world.nora).post("/meld/", sent(world, category, kind="proposal")).status_code == 302
    assert Deviation.objects.get().question_set is None


def test_an_answer_that_is_no_longer_asked_is_not_kept(world: World, login: Login) -> None:
    category = asking.falls(world)
    dry = {name("Hvordan var gulvet?"): "dry", name("Hvorfor vått?"): "13527248013", name("Hvor høyt?"): ""}
    assert login(world.nora).post("/meld/", answered(world, category, **dry)).status_code == 302
    assert "Hvorfor vått?" not in values(Deviation.objects.get())


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Hvorfor vått?", "Det var 13527248013."),
        ("Hvor?", "Rom til 13527248013"),
        ("Hvor høyt?", "mange"),
        ("Når sist kontrollert?", "i fjor"),
        ("Hvordan var gulvet?", "ice"),
    ],
)
def test_what_can_not_be_an_answer_is_refused_beside_it(world: World, login: Login, label: str, value: str) -> None:
    category = asking.falls(world)
    page = login(world.nora).post("/meld/", answered(world, category, **{name(label): value}))
    assert page.status_code == 200
    assert read_error(page, name(label))
    assert not Deviation.objects.exists()


def test_a_case_keeps_the_version_it_was_made_by(world: World, login: Login) -> None:
    category = asking.falls(world)
    page = answered(world, category)
    of = asking.draft(world, category)
    asking.question(world, of, "Var alarmen på?", "yes_no", required=True)
    from deviations import question_actions

    question_actions.publish(draft=of, by=world.ada)
    client = login(world.nora)
    client.post("/meld/", page)  # the page was open while the new version came
    first = Deviation.objects.get()
    assert first.question_set_id == category.asks_id
    category.refresh_from_db()
    client.post("/meld/", answered(world, category, **{name("Var alarmen på?"): "yes"}))
    second = Deviation.objects.latest("pk")
    assert second.question_set_id == category.asks_id != first.question_set_id
    assert "Var alarmen på?" not in main_of(client.get(first.get_absolute_url()))
    assert "Var alarmen på?" in main_of(client.get(second.get_absolute_url()))
    # A version of another category, or a draft, is never taken on the word of a page.
    other = asking.draft(world, cases.category(world, "Uro"))
    asking.question(world, other, "Hvorfor uro?")
    assert client.post("/meld/", sent(world, category, asked=str(other.pk))).status_code == 200


def test_a_sub_category_asks_what_its_main_one_asks(world: World, login: Login) -> None:
    from deviations import settings_actions

    main = asking.falls(world)
    sub = settings_actions.add_category(municipality_id=world.municipality.pk, by=None, name="Fra seng", parent=main)
    assert login(world.nora).post("/meld/", answered(world, main) | {"category": str(sub.pk)}).status_code == 302
    deviation = Deviation.objects.get()
    assert (deviation.category, deviation.question_set_id) == (sub, main.asks_id)


def reported(world: World, login: Login, **more: Any) -> Deviation:
    login(world.nora).post("/meld/", answered(world, asking.falls(world), **more))
    return Deviation.objects.get()


def test_sight_of_the_answers_follows_the_case(world: World, login: Login) -> None:
    deviation = reported(world, login)
    sees = {"nora", "leif", "sunniva", "rolf", "kaja", "kristin"}
    for who in world.people:
        client = login(world.people[who])
        page = client.get(deviation.get_absolute_url())
        assert (page.status_code, "Nyvasket" in page.text) == ((200, True) if who in sees else (404, False)), who
        found = "Nyvasket" in client.get("/avvik/?visning=omrade&q=nyvasket&status=alle").text
        assert not found, "the list shows no answers"
        listed = deviation.reference in client.get("/avvik/?q=nyvasket").text
        assert listed == (who in sees), who


def test_who_may_answer(world: World, login: Login) -> None:
    deviation = reported(world, login, naming="sealed")
    path = f"{deviation.get_absolute_url()}svar/"
    for who in world.people:
        code = login(world.people[who]).get(path).status_code
        expected = 200 if who in {"leif", "sunniva", "rolf", "kaja", "kristin"} else 302 if who == "nora" else 404
        assert code == expected, who
    watched = cases.hse(world)
    assert login(world.vidar).get(f"{watched.get_absolute_url()}svar/").status_code == 403
    assert login(world.leif).get(f"{watched.get_absolute_url()}svar/").status_code == 302, "nothing is asked"


def test_the_leader_corrects_and_the_hidden_reporter_answers_what_is_missing(world: World, login: Login) -> None:
    category = asking.falls(world)
    left_out = {name("Hvorfor vått?"): "", "answer_later": "on", "naming": "sealed"}
    login(world.nora).post("/meld/", answered(world, category, **left_out))
    deviation = Deviation.objects.get()
    path = f"{deviation.get_absolute_url()}svar/"
    floor, why, height = name("Hvordan var gulvet?"), name("Hvorfor vått?"), name("Hvor høyt?")
    page = login(world.nora).get(path).text
    assert floor not in page, "what is answered is for those who handle the case to correct"
    assert why in page
    login(world.nora).post(path, {why: "Regn"})
    event = Event.objects.about(deviation).latest("pk")
    assert (event.type, event.by) == ("deviations.questions_answered", None)
    assert "Regn" not in str(event.data)
    leif = login(world.leif)
    form = {floor: "wet", why: "Regn inn", height: "2", name("Når sist kontrollert?"): "2026-11-20", name("Hvor?"): ""}
    assert leif.post(path, form)["Location"] == deviation.get_absolute_url()
    event = Event.objects.about(deviation).latest("pk")
    assert (event.by, event.data["answers"][height.removeprefix("q_")]) == (world.leif, ["1.5", "2"])
    assert event.data["answers"][why.removeprefix("q_")] == [None, None]
    assert "Hvor?" not in values(deviation)
    leif.post(path, form)
    assert Event.objects.about(deviation).latest("pk") == event, "nothing new, no event"
    assert "Regn inn" in main_of(leif.get(deviation.get_absolute_url()))
    assert "You answered three questions about it." in main_of(leif.get(deviation.get_absolute_url()))
    actions.receive_and_close(deviation=deviation, by=world.leif, outcome="Takk.")
    assert leif.post(path, form | {height: "3"}).status_code == 302
    assert values(deviation)["Hvor høyt?"] == "2", "a closed case is not answered"


def test_answers_stay_when_the_category_is_corrected_and_when_cases_are_merged(world: World, login: Login) -> None:
    deviation, other = reported(world, login), cases.category(world, "Uro")
    leif = login(world.leif)
    path = f"{deviation.get_absolute_url()}rett/"
    leif.post(path, {"kind": "deviation", "category": other.pk})
    page = main_of(leif.get(deviation.get_absolute_url()))
    assert "Answered before the category was corrected" in page
    assert "Nyvasket uten skilt." in page
    leif.post(path, {"kind": "deviation", "category": Category.objects.get(name="Fall").pk})
    assert "before the category" not in main_of(leif.get(deviation.get_absolute_url()))
    bare = cases.received(world)
    answer = leif.post(
        f"{bare.get_absolute_url()}rett/", {"kind": "deviation", "category": Category.objects.get(name="Fall").pk}
    )
    assert answer["Location"].endswith("/svar/"), "what the new category must know is asked for at once"
    actions.merge(deviation=deviation, by=world.leif, into=bare)
    assert "Nyvasket uten skilt." in main_of(leif.get(bare.get_absolute_url()))


def test_answers_are_columns_of_the_files(world: World, login: Login) -> None:
    deviation = reported(world, login, text="Falt")
    cases.ordinary(world)
    rows = Deviation.objects.visible_to(world.leif)
    more = exports.asked_columns(world.leif)
    assert [each.heading for each in more][:2] == ["Fall: Hvordan var gulvet?", "Fall: Hvorfor vått?"]
    lines = b"".join(exports.cases_as_csv(rows, [*exports.columns(), *more])).decode()
    row = next(line for line in lines.splitlines() if deviation.reference in line)
    for said in ("Vått", "Nyvasket uten skilt.", "1.5", "2026-11-20", "In the bathroom"):
        assert said in row, said
    other = cases.category(world, "Uro")
    assert exports.asked_columns(world.leif, str(other.pk)) == []
    assert not exports.asked_columns(world.mona)
    whole = login(world.leif).get("/rapporter/saker.csv?status=alle")
    assert "Nyvasket" in b"".join(whole).decode()
    assert login(world.leif).get("/rapporter/tall.xlsx").status_code == 200


def test_questions_cost_the_pages_little(world: World, login: Login) -> None:
    category = asking.falls(world)
    client, leif = login(world.nora), login(world.leif)
    for _ in range(2):
        form = answered(world, category)
        with CaptureQueriesContext(connection) as sending:
            assert client.post("/meld/", form).status_code == 302
        deviation = Deviation.objects.latest("pk")
        with CaptureQueriesContext(connection) as looking:
            leif.get(deviation.get_absolute_url())
        with CaptureQueriesContext(connection) as brought:
            client.get("/meld/sporsmal/", {"category": category.pk})
    for asked, most in ((sending, 11), (looking, 11), (brought, 4)):
        said = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]
        assert len(said) <= most, "\n".join(said)


class TestWhoseItIs:
    def test_a_category_names_a_role_or_a_person_and_the_leaders_see_it_as_ever(
        self, world: World, login: Login
    ) -> None:
        from deviations import settings_actions

        privacy = cases.category(world, "Feilsendt", Topic.PRIVACY)
        settings_actions.change_category(category=privacy, by=world.ada, handler_role="dpo")
        deviation = cases.ordinary(world, category=privacy)
        assert (deviation.handler, deviation.handling_unit) == (world.per, world.home_care)
        assert login(world.leif).get(deviation.get_absolute_url()).status_code == 200
        assert login(world.per).post(f"{deviation.get_absolute_url()}steg/receive/", {}).status_code == 302
        assert cases.ordinary(world, by=world.per, category=privacy).handler == world.leif, "nobody handles their own"
        about = cases.ordinary(world, about_leader=True, category=privacy)
        assert about.handler == world.sunniva, "past everybody but the leaders above"
        settings_actions.change_category(category=privacy, by=world.ada, handler_role="quality_contact")
        assert cases.ordinary(world, category=privacy).handler == world.kaja
        settings_actions.change_category(category=privacy, by=world.ada, handler_role="", handler=world.hans)
        assert cases.ordinary(world, category=privacy).handler == world.hans

    def test_a_case_nobody_has_received_goes_there_when_its_category_is_corrected(
        self, world: World, login: Login
    ) -> None:
        from deviations import settings_actions

        privacy = cases.category(world, "Feilsendt", Topic.PRIVACY)
        settings_actions.change_category(category=privacy, by=world.ada, handler_role="dpo")
        arrived, received = cases.ordinary(world), cases.received(world)
        for deviation in (arrived, received):
            login(world.leif).post(
                f"{deviation.get_absolute_url()}rett/", {"kind": "deviation", "category": privacy.pk}
            )
            deviation.refresh_from_db()
        assert (arrived.handler, received.handler) == (world.per, world.leif)
        assert "It went to Per" in main_of(login(world.leif).get(arrived.get_absolute_url()))

    def test_the_severity_a_category_suggests_is_filled_in_and_not_set(self, world: World, login: Login) -> None:
        from deviations import settings_actions

        fall = cases.category(world, "Fall")
        settings_actions.change_category(category=fall, by=world.ada, consequence=3, probability=4)
        deviation = actions.receive(deviation=cases.ordinary(world, category=fall), by=world.leif)
        page = BeautifulSoup(login(world.leif).get(f"{deviation.get_absolute_url()}steg/assess/").text, "html.parser")
        assert page.select_one("input[name=consequence][value='3'][checked]")
        assert "Suggested for “Fall”: 3 × 4." in page.text.replace("\n", " ")
        deviation.refresh_from_db()
        assert deviation.severity == ""


def test_what_was_written_without_net_is_held_up_by_no_question(world: World, login: Login) -> None:
    category = asking.falls(world)
    waited = sent(world, category, sender=str(world.nora.pk))
    assert login(world.nora).post("/meld/uten-nett/", waited).status_code == 200
    deviation = Deviation.objects.get()
    assert (deviation.question_set_id, values(deviation)) == (category.asks_id, {"Hvordan var gulvet?": None})


def test_whoever_has_no_name_is_asked_too_and_answers_with_the_case_code(world: World, login: Login) -> None:
    from deviations import settings_actions
    from tests.deviations.test_without_a_name import code_on, opened

    category = asking.falls(world)
    left_out = {name("Hvorfor vått?"): "", "answer_later": "on", "naming": "anonymous"}
    page = login(world.nora).post("/meld/", answered(world, category, **left_out))
    deviation = Deviation.objects.get()
    client = opened(code_on(page.text))
    assert "Not answered yet: «Hvorfor vått?»" in main_of(client.get("/sak/min/"))
    assert name("Hvordan var gulvet?") not in client.get("/sak/min/sporsmal/").text
    assert client.post("/sak/min/sporsmal/", {name("Hvorfor vått?"): "13527248013"}).status_code == 200
    assert client.post("/sak/min/sporsmal/", {name("Hvorfor vått?"): "Regn"})["Location"] == "/sak/min/"
    assert values(deviation)["Hvorfor vått?"] == "Regn"
    assert Event.objects.about(deviation).latest("pk").by is None
    assert "You answered a question about it." in main_of(client.get("/sak/min/"))
    # Whoever the category names could come to handle their own report, and so gives a name.
    settings_actions.change_category(category=category, by=world.ada, handler=world.hans)
    refused = login(world.hans).post("/meld/", answered(world, category, naming="anonymous"))
    assert refused.status_code == 200
    assert Deviation.objects.count() == 1
    actions.receive_and_close(deviation=deviation, by=world.leif, outcome="Takk.")
    actions.reopen(deviation=deviation, by=world.leif, note="Mer å gjøre")

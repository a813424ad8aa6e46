"""The administrator writes the questions of a category, publishes them, and fits the categories to the town."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.utils import IntegrityError
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from deviations import question_actions, settings_actions
from deviations.categories import STANDARD, Main, Names
from deviations.models import Asked, Category, Question, QuestionSet, shown
from deviations.national import CODES, COUNTED, FIGURES
from deviations.question_actions import AlreadyPublished, Depended, NothingNew, TooMany
from deviations.settings_actions import add_standard_categories, not_taken
from kvalitetslosen.journal.models import Event
from kvalitetslosen.organisation.models import User
from tests.deviations import asking, cases
from tests.people import World

Login = Callable[[User], Client]


def test_a_set_is_written_tried_out_and_published_in_versions(world: World, login: Login) -> None:
    category = cases.category(world, "Fall")
    client, path = login(world.ada), f"/avvik/innstillinger/kategori/{category.pk}/sporsmal/"
    assert path in client.get(f"/avvik/innstillinger/kategori/{category.pk}/").text
    assert "Nothing is asked yet" in client.get(path).text
    assert client.get(f"{path}nytt/").status_code == 404, "there is no draft"
    client.post(f"{path}utkast/")
    client.post(f"{path}utkast/")
    assert QuestionSet.objects.count() == 1
    floor = {
        "label": "Gulvet?", "kind": "choice", "answers": "Vått | Vått | Wet\nTørt\n\ntørt", "required": "on",
        "place": "",
    }  # fmt: skip
    assert client.post(f"{path}nytt/", floor | {"answers": "Vått"}).status_code == 200, "one answer is no choice"
    client.post(f"{path}nytt/", floor)
    first = Question.objects.get()
    assert [each["nb"] for each in first.choices] == ["Vått", "Tørt"]
    wet = first.choices[0]["key"]
    why = {"label": "Hvorfor?", "kind": "text", "condition": [f"{first.key}:{wet}"], "place": first.key}
    assert client.post(f"{path}nytt/", why | {"place": ""}).status_code == 200, "before what it depends on"
    client.post(f"{path}nytt/", why)
    second = Question.objects.get(label="Hvorfor?")
    assert (second.shown_when, second.shown_for, second.position) == (first.key, [wet], 1)
    page = client.get(path).text
    assert "As it will look" in page
    assert "Only when “Gulvet?” is answered with: Vått" in page
    assert client.post(f"{path}{first.key}/", floor | {"kind": "yes_no"}).status_code == 200, (
        "the answer would be gone"
    )
    client.post(f"{path}{first.key}/fjern/")
    assert Question.objects.count() == 2, "another depends on it"
    client.post(f"{path}publiser/")
    category.refresh_from_db()
    one = QuestionSet.objects.get()
    assert (category.asks, one.number, one.is_draft) == (one, 1, False)
    assert client.post(f"{path}{first.key}/", floor).status_code == 404, "what is published never changes"
    client.post(f"{path}utkast/")
    client.post(f"{path}publiser/")
    category.refresh_from_db()
    assert category.asks == one, "nothing new to publish"
    renamed = floor | {"label": "Hvordan var gulvet?", "answers": "Tørt\nVått\nIs"}
    client.post(f"{path}{first.key}/", renamed)
    client.post(f"{path}publiser/")
    category.refresh_from_db()
    two = category.asks
    assert two is not None
    assert two.number == 2
    again = Question.objects.get(set=two, key=first.key)
    assert {each["nb"]: each["key"] for each in again.choices}["Vått"] == wet, (
        "what was answered before stays the same"
    )
    assert Question.objects.get(pk=first.pk).label == "Gulvet?"
    client.post(f"{path}utkast/")
    client.post(f"{path}{second.key}/fjern/")
    client.post(f"{path}forfra/")
    assert Question.objects.filter(set__published_at=None).count() == 2
    types = list(Event.objects.about(two).values_list("type", flat=True))
    assert types == ["deviations.questions_begun", "deviations.questions_changed", "deviations.questions_published"]


def test_others_do_not_and_nothing_happens_by_a_link(world: World, login: Login) -> None:
    category = cases.category(world, "Fall")
    path = f"/avvik/innstillinger/kategori/{category.pk}/sporsmal/"
    asking.question(world, asking.draft(world, category), "Hva?")
    key = Question.objects.get().key
    steps = ("utkast/", "forfra/", "publiser/", f"{key}/fjern/")
    pages = ("", "nytt/", f"{key}/")
    for who in ("nora", "leif", "rolf", "kristin", "per", "mona"):
        client = login(world.people[who])
        for each in pages:
            assert client.get(path + each).status_code == 403, who
        for each in (*steps, *pages[1:]):
            assert client.post(path + each).status_code == 403, who
        for address in ("fra-grunnlaget/", "nasjonalt/"):
            assert client.get(f"/avvik/innstillinger/{address}").status_code == 403, who
            assert client.post(f"/avvik/innstillinger/{address}").status_code == 403, who
    for each in steps:
        assert login(world.ada).get(path + each).status_code == 405
    elsewhere = settings_actions.add_category(municipality_id=world.other_municipality.pk, by=None, name="Fall")
    other = f"/avvik/innstillinger/kategori/{elsewhere.pk}/sporsmal/"
    assert login(world.ada).get(other).status_code == 404
    assert login(world.ada).post(f"{other}utkast/").status_code == 404


def test_the_verbs_refuse_what_the_pages_do_not_offer(world: World) -> None:
    category = asking.falls(world)
    asked = QuestionSet.objects.get()
    with pytest.raises(AlreadyPublished):
        asking.question(world, asked, "Ny?")
    draft = asking.draft(world, category)
    with pytest.raises(NothingNew):
        question_actions.publish(draft=draft, by=world.ada)
    floor = Question.objects.get(set=draft, label="Hvordan var gulvet?")
    with pytest.raises(Depended):
        question_actions.remove_question(draft=draft, key=floor.key, by=world.ada)
    for number in range(7):
        asking.question(world, draft, f"Nummer {number}?")
    with pytest.raises(TooMany):
        asking.question(world, draft, "En for mye?")
    with pytest.raises(IntegrityError):
        Category.objects.filter(pk=category.pk).update(consequence=3)


def test_a_version_without_questions_lets_the_main_category_ask(world: World) -> None:
    main = asking.falls(world)
    sub = settings_actions.add_category(municipality_id=world.municipality.pk, by=None, name="Seng", parent=main)
    draft = asking.draft(world, sub)
    asking.question(world, draft, "Egen?")
    question_actions.publish(draft=draft, by=world.ada)
    sub = Category.objects.get(pk=sub.pk)
    assert sub.asked_set == draft.pk
    draft = asking.draft(world, sub)
    question_actions.remove_question(draft=draft, key=Question.objects.get(set=draft).key, by=world.ada)
    question_actions.publish(draft=draft, by=world.ada)
    assert Category.objects.get(pk=sub.pk).asked_set == main.asks_id


@st.composite
def trees(draw: st.DrawFn) -> list[Question]:
    """Sets of questions of which some are shown for answers to earlier ones."""
    questions: list[Question] = []
    for number in range(draw(st.integers(1, 7))):
        on = draw(st.sampled_from([None, *questions]))
        values = draw(st.lists(st.sampled_from(["yes", "no"]), min_size=1, unique=True)) if on else []
        questions.append(
            Question(key=f"k{number}", kind=Asked.YES_NO, shown_when=on.key if on else "", shown_for=values)
        )
    return questions


@settings(max_examples=200, deadline=None)
@given(trees(), st.dictionaries(st.sampled_from([f"k{n}" for n in range(7)]), st.sampled_from(["yes", "no", ""])))
def test_a_question_is_shown_exactly_when_all_it_depends_on_is_shown_and_answered_so(
    questions: list[Question], answers: dict[str, str]
) -> None:
    by_key = {each.key: each for each in questions}

    def is_shown(question: Question) -> bool:
        if not question.shown_when:
            return True
        on = by_key[question.shown_when]
        return is_shown(on) and answers.get(on.key) in question.shown_for

    assert shown(questions, answers) == [each for each in questions if is_shown(each)]
    # What isn't shown may be answered in whatever way: it changes nothing.
    kept = {each.key for each in shown(questions, answers)}
    assert shown(questions, {key: value for key, value in answers.items() if key in kept}) == shown(questions, answers)


class TestCategoriesOfTheBase:
    PATH = "/avvik/innstillinger/fra-grunnlaget/"

    def test_each_is_known_by_a_key_of_its_own_and_counts_as_something_known(self) -> None:
        keys = [names.base for main in STANDARD for names in (main.names, *main.subs)]
        assert len(set(keys)) == len(keys)
        assert set(COUNTED) <= set(keys)
        assert {code for code, _figure in COUNTED.values()} <= {*CODES, ""}
        assert {figure for _code, figure in COUNTED.values()} <= {*FIGURES, ""}

    def test_what_the_base_has_more_of_is_chosen_and_taken_in(
        self, world: World, login: Login, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add_standard_categories(municipality=world.municipality, by=world.ada)
        client = login(world.ada)
        assert "You have all of the shared base" in client.get(self.PATH).text
        fall = Category.objects.get(base="patients-and-users-services/fall")
        assert (fall.code, fall.figure) == ("FALL", "fall-institution")
        settings_actions.change_category(category=fall, by=world.ada, name="Fall og støt", is_active=False)
        assert not not_taken(world.municipality.pk), "renamed and hidden is still taken"
        below = Names("Under", "", "Below", base="all-new/below")
        grown = [
            STANDARD[0]._replace(subs=(*STANDARD[0].subs, Names("Nytt", "", "New", base="patients/new"))),
            *STANDARD[1:],
            Main(Names("Helt nytt", "", "All new", base="all-new"), "", (below,)),
        ]
        monkeypatch.setattr(settings_actions, "STANDARD", tuple(grown))
        assert "Take in three from the shared base" in client.get("/avvik/innstillinger/").text
        assert client.post(self.PATH, {"chosen": ["no-such"]}).status_code == 200
        client.post(self.PATH, {"chosen": ["patients/new", "all-new/below"]})
        assert Category.objects.get(name="Nytt").parent == fall.parent
        assert Category.objects.get(name="Under").parent == Category.objects.get(name="Helt nytt")
        before = Category.objects.count()
        client.post(self.PATH, {"chosen": ["patients/new"]})
        assert Category.objects.count() == before

    def test_the_order_severity_and_whose_it_is_are_set_on_the_page(self, world: World, login: Login) -> None:
        for name in ("A", "B", "C"):
            cases.category(world, name)
        client, b = login(world.ada), Category.objects.get(name="B")
        path = f"/avvik/innstillinger/kategori/{b.pk}/"
        form = {"name": "B", "is_active": "on", "place": str(Category.objects.get(name="C").pk)}
        client.post(path, form | {"consequence": "3", "probability": "2", "who": "dpo", "code": "FALL"})
        b.refresh_from_db()
        order = Category.objects.order_by("position", "name").values_list("name", flat=True)
        assert list(order) == ["A", "C", "B"]
        assert (b.consequence, b.probability, b.handler_role, b.code) == (3, 2, "dpo", "FALL")
        for wrong in ({"consequence": "3"}, {"who": "person"}, {"who": "person", "handler": "Ingen Slik"}):
            assert client.post(path, form | wrong).status_code == 200, wrong
        client.post(path, form | {"place": "0", "who": "person", "handler": "Hans Haug"})
        b.refresh_from_db()
        if b.handler is None:  # the name is written whole
            client.post(path, form | {"place": "0", "who": "person", "handler": world.hans.name})
            b.refresh_from_db()
        assert (b.handler, b.handler_role, b.consequence) == (world.hans, "", None)
        assert list(order.all()) == ["B", "A", "C"]

"""What some categories of the demo ask besides, in one or two versions, and what those who report answer."""

from __future__ import annotations

import datetime
import random
from typing import Any, NamedTuple

from deviations import question_actions, settings_actions
from deviations.actions import ASKED_ABOUT, Answered
from deviations.models import Asked, Category, HandlerRole, Question, Spot, shown
from kvalitetslosen.demo.organisation import Town

TEXT, NUMBER, CHOICE, DATE, PLACE, YES_NO = (
    Asked.TEXT,
    Asked.NUMBER,
    Asked.CHOICE,
    Asked.DATE,
    Asked.PLACE,
    Asked.YES_NO,
)


class Ask(NamedTuple):
    kind: str
    nb: str
    nn: str
    en: str
    choices: tuple[tuple[str, str, str], ...] = ()
    required: bool = False
    when: tuple[int, tuple[str, ...]] | None = None  # which question of the set, and the answers (bokmål, or yes/no)
    likely: tuple[str, ...] = ()  # what people write


FALL = (
    Ask(
        CHOICE,
        "Hva gjorde personen da?",
        "Kva gjorde personen då?",
        "What was the person doing?",
        (
            ("Reiste seg", "Reiste seg", "Getting up"),
            ("Gikk", "Gjekk", "Walking"),
            ("På vei til toalettet", "På veg til toalettet", "On the way to the toilet"),
            ("Ikke sett", "Ikkje sett", "Not seen"),
        ),
        required=True,
    ),
    Ask(PLACE, "Hvor falt personen?", "Kvar fall personen?", "Where did the person fall?"),
    Ask(YES_NO, "Slo personen hodet?", "Slo personen hovudet?", "Did the person hit the head?", required=True),
    Ask(YES_NO, "Er lege kontaktet?", "Er lege kontakta?", "Has a doctor been contacted?", when=(2, ("yes",))),
)
FALL_LATER = (
    Ask(
        YES_NO, "Var sensor eller alarm i bruk?", "Var sensor eller alarm i bruk?", "Was a sensor or an alarm in use?"
    ),
    Ask(
        TEXT,
        "Hvorfor varslet den ikke?",
        "Kvifor varsla han ikkje?",
        "Why did it not give a warning?",
        when=(4, ("no",)),
        likely=("Sto til lading.", "Var koblet fra etter renhold."),
    ),
)
MEDICATION = (
    Ask(
        CHOICE,
        "Hvordan var legemiddelet lagt fram?",
        "Korleis var legemiddelet lagt fram?",
        "How was the medicine prepared?",
        (
            ("Multidose", "Multidose", "Multidose"),
            ("Dosett", "Dosett", "Pill organiser"),
            ("Fra pakning", "Frå pakning", "From the package"),
        ),
        required=True,
    ),
    Ask(NUMBER, "Hvor mange doser gjelder det?", "Kor mange dosar gjeld det?", "How many doses?"),
    Ask(
        YES_NO,
        "Er lege eller legevakt kontaktet?",
        "Er lege eller legevakt kontakta?",
        "Has a doctor been contacted?",
        required=True,
    ),
    Ask(
        TEXT,
        "Hva var rådet?",
        "Kva var rådet?",
        "What was the advice?",
        when=(2, ("yes",)),
        likely=("Vente til neste dose.", "Observere i to timer."),
    ),
)
VIOLENCE = (
    Ask(
        CHOICE,
        "Hva skjedde?",
        "Kva skjedde?",
        "What was it?",
        (
            ("Slag", "Slag", "Blow"),
            ("Spark", "Spark", "Kick"),
            ("Bitt eller kloring", "Bit eller kloring", "Bite or scratch"),
            ("Kastet gjenstand", "Kasta gjenstand", "Thrown object"),
        ),
        required=True,
    ),
    Ask(YES_NO, "Var du alene?", "Var du åleine?", "Were you alone?", required=True),
    Ask(YES_NO, "Trengte noen legehjelp?", "Trong nokon legehjelp?", "Did anybody need a doctor?"),
)
PRIVACY = (
    Ask(
        NUMBER,
        "Hvor mange personer gjelder det?",
        "Kor mange personar gjeld det?",
        "How many people does it concern?",
        required=True,
    ),
    Ask(
        CHOICE,
        "Hva slags opplysninger?",
        "Kva slags opplysningar?",
        "What kind of data?",
        (
            ("Kontaktopplysninger", "Kontaktopplysningar", "Contact details"),
            ("Helseopplysninger", "Helseopplysningar", "Health data"),
            ("Annet", "Anna", "Other"),
        ),
        required=True,
    ),
    Ask(DATE, "Når ble det oppdaget?", "Når vart det oppdaga?", "When was it discovered?"),
    Ask(
        YES_NO,
        "Er opplysningene hentet tilbake eller slettet?",
        "Er opplysningane henta tilbake eller sletta?",
        "Have the data been called back or deleted?",
    ),
)
FIRE = (
    Ask(PLACE, "Hvor i bygget?", "Kvar i bygget?", "Where in the building?", required=True),
    Ask(YES_NO, "Gikk alarmen?", "Gjekk alarmen?", "Did the alarm go off?", required=True),
    Ask(
        NUMBER,
        "Hvor mange minutter tok det til alle var ute?",
        "Kor mange minutt tok det til alle var ute?",
        "How many minutes until everybody was out?",
        when=(1, ("yes",)),
    ),
)
INJURY = (
    Ask(PLACE, "Hvor skjedde det?", "Kvar skjedde det?", "Where did it happen?"),
    Ask(
        YES_NO, "Var det en voksen til stede?", "Var det ein vaksen til stades?", "Was an adult there?", required=True
    ),
    Ask(YES_NO, "Er foreldrene varslet?", "Er foreldra varsla?", "Have the parents been told?", required=True),
)
ASKED = (
    ((0, "fall"), FALL, FALL_LATER),
    ((1, ""), MEDICATION, ()),
    ((2, "vold"), VIOLENCE, ()),
    ((3, "skade/ulykke"), INJURY, ()),
    ((4, ""), PRIVACY, ()),
    ((6, "branntilløp"), FIRE, ()),
)
SUGGESTED = (((0, "fall"), 3, 3), ((1, "a-/b-preparat, svinn"), 4, 2), ((2, "vold"), 3, 4), ((4, "feilsendt"), 3, 2))
AGREED = datetime.timedelta(days=740)  # before the first case
LATER = datetime.timedelta(days=200)


def publish(town: Town, now: datetime.datetime) -> None:
    """Write and publish the sets of a municipality; the one about falls twice."""
    for where, first, later in ASKED:
        category = _category(town, where)
        keys: list[str] = []
        _version(category, first, keys, now - AGREED)
        if later:
            _version(category, later, keys, now - LATER)
    for where, consequence, probability in SUGGESTED:
        settings_actions.change_category(
            category=_category(town, where), by=None, consequence=consequence, probability=probability
        )
    settings_actions.change_category(
        category=_category(town, (4, "uautorisert innsyn")), by=None, handler_role=HandlerRole.DPO
    )
    for category in town.categories.values():
        category.refresh_from_db()


def _category(town: Town, where: tuple[int, str]) -> Category:
    main, sub = where
    if sub:
        return Category.objects.get(pk=town.categories[main, sub].pk)
    parent = next(each.parent for (number, _name), each in town.categories.items() if number == main)
    return Category.objects.get(pk=parent.pk if parent else 0)


def _version(category: Category, asks: tuple[Ask, ...], keys: list[str], at: datetime.datetime) -> None:
    draft = question_actions.begin_draft(category=category, by=None)
    for ask in asks:
        shown_when, shown_for = "", list[str]()
        if ask.when:
            number, answers = ask.when
            shown_when = keys[number]
            on = Question.objects.get(set=draft, key=shown_when)
            by_name = {each["nb"]: each["key"] for each in on.choices}
            shown_for = [by_name.get(answer, answer) for answer in answers]
        question = question_actions.save_question(
            draft=draft, after=keys[-1] if keys else "", by=None, kind=ask.kind, label=ask.nb, label_nn=ask.nn,
            label_en=ask.en, required=ask.required, shown_when=shown_when, shown_for=shown_for,
            choices=[
                {"key": f"c{n}", "nb": nb, "nn": nn, "en": en} for n, (nb, nn, en) in enumerate(ask.choices, start=1)
            ],
        )  # fmt: skip
        keys.append(question.key)
    question_actions.publish(draft=draft, by=None, at=at)
    category.refresh_from_db()


WRITTEN = {ask.nb: ask.likely for _where, first, later in ASKED for ask in (*first, *later)}


class Answers:
    """Answers as people give them, by the version that was asked at the time."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.versions: dict[int, list[list[Question]]] = {}
        for question in Question.objects.select_related("set").order_by("set__category", "-set__number", "position"):
            versions = self.versions.setdefault(question.set.category_id, [])
            if not versions or versions[-1][0].set_id != question.set_id:
                versions.append([])
            versions[-1].append(question)

    def about(self, category: Category | None, kind: str, at: datetime.datetime) -> Answered | None:
        if category is None or kind not in ASKED_ABOUT:
            return None
        versions = self.versions.get(category.pk) or self.versions.get(category.parent_id or 0) or []
        questions = next((each for each in versions if each[0].set.published_at <= at), None)  # type: ignore[operator]
        if questions is None:
            return None
        hurried = self.rng.random() < 0.12
        given: dict[Question, str | None] = {}
        known: dict[str, str] = {}
        for question in questions:
            if question not in shown(questions, known):
                continue
            value = self._value(question, at)
            if hurried or self.rng.random() < 0.08:
                value = ""
            given[question] = value or (None if question.required else "")
            known[question.key] = value
        return Answered(questions[0].set_id, given)

    def _value(self, question: Question, at: datetime.datetime) -> str:
        rng = self.rng
        match question.kind:
            case Asked.CHOICE | Asked.YES_NO:
                return str(rng.choice(question.options)[0])
            case Asked.NUMBER:
                return str(rng.choice((1, 1, 1, 2, 3, 4, 6)))
            case Asked.DATE:
                return (at - datetime.timedelta(days=rng.choice((0, 0, 1, 2)))).date().isoformat()
            case Asked.PLACE:
                return str(rng.choice((Spot.ROOM, Spot.BATHROOM, Spot.CORRIDOR, Spot.COMMON, Spot.OUTSIDE)))
        likely: Any = WRITTEN[question.label]
        return str(rng.choice(likely))

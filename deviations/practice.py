"""What one practises on: one's own categories, and a few invented cases that wait for something."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import get_language

from deviations import actions
from deviations.actions import rules_of
from deviations.models import (
    AnalysisStep,
    Answer,
    Breach,
    Category,
    CauseAnalysis,
    Comment,
    Contact,
    Deviation,
    Duty,
    Harm,
    Injury,
    KeptList,
    Kind,
    Message,
    Moment,
    Reflection,
    TallySheet,
    Task,
    When,
    Why,
)
from deviations.settings_actions import set_rules
from kvalitetslosen.files.models import Attachment
from kvalitetslosen.journal.record import create_many
from kvalitetslosen.organisation.models import Unit
from kvalitetslosen.practice.playing import Cast, Play, register

Words = tuple[str, str, str]  # bokmål, nynorsk, English

DROPPED: Words = (
    "Øving: Bruker falt i gangen. Ingen synlig skade.",
    "Øving: Brukar fall i gangen. Ingen synleg skade.",
    "Practice: A user fell in the corridor. No visible harm.",
)
MISSED: Words = (
    "Øving: Medisinen klokka 08 ble ikke gitt. Oppdaget klokka 11.",
    "Øving: Medisinen klokka 08 vart ikkje gjeven. Oppdaga klokka 11.",
    "Practice: The medicine at 08 was not given. Found at 11.",
)
ICE: Words = (
    "Øving: Glatt på trappa inn. Noen kan falle.",
    "Øving: Glatt på trappa inn. Nokon kan falle.",
    "Practice: The steps outside are icy. Somebody may fall.",
)
LETTER: Words = (
    "Øving: Et brev gikk til feil adresse.",
    "Øving: Eit brev gjekk til feil adresse.",
    "Practice: A letter went to the wrong address.",
)
ASKED: Words = ("Ble brevet åpnet?", "Vart brevet opna?", "Was the letter opened?")
ANSWERED: Words = (
    "Vaktmesteren har strødd, og strøkassa er fylt. Takk for at du sa fra.",
    "Vaktmeisteren har strødd, og strøkassa er fylt. Takk for at du sa frå.",
    "The caretaker has put out sand. Thanks for telling.",
)

HIGHEST = 40  # characters of a category's name that tell which one is meant


def said(words: Words) -> str:
    return words[{"nn": 1, "en": 2}.get(get_language() or "nb", 0)]


def copy(cast: Cast) -> None:
    """The municipality's categories and deadlines, as they are today. Nobody real handles any of it."""
    mains: dict[int, Category] = {}
    rows = list(Category.objects.filter(municipality=cast.origin, is_active=True).order_by("position", "pk"))
    for depth in (0, 1):
        made = []
        for row in rows:
            if bool(row.parent_id) != bool(depth) or (row.parent_id and row.parent_id not in mains):
                continue
            fields: dict[str, Any] = {
                name: getattr(row, name)
                for name in (
                    "name",
                    "name_nn",
                    "name_en",
                    "position",
                    "topic",
                    "code",
                    "figure",
                    "base",
                    "may_be_ticked",
                )
            }
            parent = mains[row.parent_id] if row.parent_id else None
            made.append((row.pk, Category(municipality=cast.municipality, parent=parent, **fields)))
        create_many(
            [each for _pk, each in made], "deviations.category_added", by=None, data=lambda each: {"name": each.name}
        )
        mains |= dict(made)
    rules = rules_of(cast.origin.pk)
    days = {
        field.name: getattr(rules, field.name)
        for field in rules._meta.get_fields()
        if field.name.endswith("_days") or field.name.startswith("close_days")
    }
    set_rules(municipality_id=cast.municipality.pk, by=None, **days)


def lay(cast: Cast) -> None:
    """A case to receive, one in hand, one that asks the employee, one that is answered: something for each side."""
    now = timezone.now()
    day = datetime.timedelta(days=1)

    def told(by: Any, words: Words, ago: int, name: str, **more: Any) -> Deviation:
        names = {"municipality": cast.municipality, "name__istartswith": name[:HIGHEST]}
        category = Category.objects.filter(parent__isnull=False, **names).order_by("pk").first()
        what = {"kind": Kind.DEVIATION, "harm": Harm.NONE, "happened": When.TODAY, **more}
        return actions.report(by=by, unit=cast.unit, text=said(words), category=category, at=now - ago * day, **what)

    told(cast.colleague, DROPPED, 0, "Fall")
    received = told(cast.colleague, MISSED, 3, "Ikke gitt")
    actions.receive(deviation=received, by=cast.leader, at=now - 2 * day)
    asked = told(cast.employee, LETTER, 2, "Feilsendt")
    actions.receive(deviation=asked, by=cast.leader, at=now - day)
    actions.ask_reporter(deviation=asked, by=cast.leader, text=said(ASKED), at=now - day)
    closed = told(cast.employee, ICE, 4, "Inneklima", kind=Kind.RISK)
    actions.receive_and_close(deviation=closed, by=cast.leader, outcome=said(ANSWERED), at=now - day)


def forget(municipality: Unit) -> None:
    """What was written and attached. Cases stay without words, since the journal refers to them."""
    cases = Deviation.objects.filter(level_0=municipality.pk)
    ids = list(cases.values_list("pk", flat=True))
    for model in (Message, Comment, Answer, Injury, Contact):
        model._base_manager.filter(deviation__in=ids).delete()
    analyses = CauseAnalysis.objects.filter(deviation__in=ids)
    for part in (AnalysisStep, Moment, Why):
        part._base_manager.filter(analysis__in=analyses.values("pk")).delete()
    analyses.update(peers_note="")
    KeptList.objects.filter(owner__municipality=municipality).delete()
    TallySheet.objects.filter(level_0=municipality.pk).exclude(learning_note="").update(learning_note="–")
    Attachment.objects.filter(owner_type=ContentType.objects.get_for_model(Deviation), owner_id__in=ids).delete()
    Breach.objects.filter(duty__deviation__in=ids).delete()
    Duty.objects.filter(deviation__in=ids).update(remark="", receipt="")
    Reflection.objects.filter(deviation__in=ids).update(told="–", why="", typical="")
    Reflection.objects.filter(deviation__in=ids).exclude(tries="").update(tries="–")
    Task.objects.filter(deviation__in=ids).update(text="–")
    Task.objects.filter(deviation__in=ids).exclude(answer="").update(answer="–")
    cases.update(text="–", done_at_once="", suggestion="", cause="")
    cases.exclude(outcome="").update(outcome="–")


register(Play(copy=copy, lay=lay, forget=forget))

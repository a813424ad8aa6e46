# ruff: noqa: E501 - the two languages of a text stand on one line
"""The life of documents in the demo handbook: hearings, several approvers, a version for a day to come, own types."""

from __future__ import annotations

import datetime

from documents import actions
from documents.models import DocumentType, Outcome, Version
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.organisation.models import Role
from kvalitetslosen.workdays import add_workdays

DAYS = datetime.timedelta
NIGHT = (
    "<h2>Føremål</h2><p>Den som arbeider åleine om natta, skal ha hjelp innan ti minutt.</p>"
    "<h2>Slik gjer vi</h2><ol><li><p>Ta med alarmtelefonen frå vaktrommet, og prøv han før du går ut.</p></li>"
    "<li><p>Sei frå til nattevakta på institusjonen når du går, og når du er attende.</p></li>"
    "<li><p>Har du ikkje meldt deg innan ein halv time, ringjer nattevakta deg, og deretter ansvarsvakta.</p></li></ol>"
    "<h2>Når noko skjer</h2><p>Trykk på alarmen. Gå ut av situasjonen før du forklarer.</p>"
)
THREATS = (
    "<h2>Føremål</h2><p>Alle skal vite kva dei gjer når nokon blir truande.</p>"
    "<h2>Slik gjer vi</h2><ol><li><p>Hald avstand, og ha utgangen bak deg.</p></li>"
    "<li><p>Ring 112 når det er fare for liv eller helse.</p></li><li><p>Sei frå til leiaren same dag.</p></li></ol>"
)
VISIT = (
    "<h2>Når</h2><p>Når ein brukar ikkje opnar, eller eit besøk ikkje kan gjennomførast til avtalt tid.</p>"
    "<h2>Kven</h2><p>Den som er på vakt, og ansvarsvakta.</p>"
    "<h2>Slik gjer vi</h2><ol><li><p>Ring brukaren, og deretter pårørande.</p></li>"
    "<li><p>Får du ikkje svar, hent nøkkelen og gå inn saman med ein annan.</p></li>"
    "<li><p>Skriv i journalen kva du gjorde, og meld avvik same dag.</p></li></ol>"
)
CARD = (
    "<h2>Når kortet blir brukt</h2><p>Straumen er borte i meir enn ti minutt.</p><h2>Gjer dette først</h2>"
    "<ul><li><p>Sjå til dei som har oksygen eller madrass med straum.</p></li><li><p>Ring vaktmeisteren.</p></li></ul>"
)


def stage(towns: list[Town], now: datetime.datetime) -> None:
    """After the drafts of the day: each document has one at a time."""
    aseral = towns[0]
    own_types(aseral)
    hearing_with_answers(aseral, now)
    late_hearing(aseral, now)
    waits_for_two(aseral, now)
    applies_later(aseral, now)


def own_types(town: Town) -> None:
    """A guide that asks no approval and counts by unit, regulations that go to hearing, and one less to choose from."""
    admin = town.people["admin"]
    actions.add_type(
        municipality_id=town.root.pk, by=admin, name="Brukarrettleiing", letters="BR", with_unit_code=True,
        review_months=24, asks_approval=False, template="<h2>Slik gjer du</h2><ol><li><p></p></li></ol>",
    )  # fmt: skip
    actions.change_type(type=actions.type_of(town.root.pk, "regulation"), by=admin, asks_hearing=True)
    actions.change_type(type=actions.type_of(town.root.pk, "template"), by=admin, is_active=False)
    nurse = town.people["berit.ljoslandsmo"]
    guide = actions.create_document(
        by=nurse, title="Blodtrykksmåleren i bilen", kind=_type(town, "Brukarrettleiing"), unit=town.units["HB"],
        owner=town.people["leder"],
    )  # fmt: skip
    actions.save(
        version=guide, by=nurse, title=guide.title,
        body="<h2>Slik gjer du</h2><ol><li><p>Slå på måleren og vent til han viser 0.</p></li><li><p>Mål to gonger, og skriv ned den lågaste.</p></li></ol>",
    )  # fmt: skip
    actions.put_in_force(version=guide, by=town.people["leder"])


def _type(town: Town, name: str) -> DocumentType:
    return DocumentType.objects.get(municipality=town.root, name=name)


def _draft(
    town: Town, title: str, body: str, *, by: str, code: str, kind: str = "procedure", at: datetime.datetime
) -> Version:
    author = town.people[by]
    draft = actions.create_document(by=author, title=title, kind=kind, unit=town.units[code], at=at)
    return actions.save(version=draft, by=author, title=title, body=body, at=at + DAYS(minutes=50))


def hearing_with_answers(town: Town, now: datetime.datetime) -> None:
    """Under way, with comments: one is answered, and one waits."""
    draft = _draft(town, "Nattarbeid åleine i heimetenesta", NIGHT, by="leder", code="HB", at=now - DAYS(days=9))
    hearing = actions.ask_hearing(
        version=draft, by=town.people["leder"], unit=town.units["HB"], at=now - DAYS(days=8),
        roles=[Role.SAFETY_REP, Role.UNION_REP, Role.QUALITY_CONTACT], deadline=add_workdays(now.date(), 4),
        people=[town.people[each] for each in ("ansatt", "berit.ljoslandsmo")],
        question="Held det at nattevakta på institusjonen passar på, eller må vi ha ei eiga ordning?",
    )  # fmt: skip
    nurse, quality = town.people["berit.ljoslandsmo"], town.people["kvalitet"]
    first = actions.respond(
        hearing=hearing, by=nurse, heading="Slik gjer vi", at=now - DAYS(days=6),
        text="Nattevakta er ofte oppteken med stellet mellom fem og sju. Kven ringjer då?",
    )  # fmt: skip
    actions.answer_response(
        response=first, by=town.people["leder"], outcome=Outcome.TAKEN_IN, at=now - DAYS(days=5),
        answer="Ansvarsvakta tek over frå klokka fem. Eg skriv det inn.",
    )  # fmt: skip
    actions.respond(
        hearing=hearing, by=quality, heading="Når noko skjer", at=now - DAYS(days=1),
        text="Det er ikkje dekning for alarmtelefonen øvst i dalen.",
    )  # fmt: skip


def late_hearing(town: Town, now: datetime.datetime) -> None:
    """Its deadline was yesterday, and nobody has said anything."""
    draft = _draft(town, "Trusselbilete ved heimebesøk", THREATS, by="sjef", code="PO", at=now - DAYS(days=20))
    actions.ask_hearing(
        version=draft, by=town.people["sjef"], unit=town.units["PO"], roles=[Role.LEADER, Role.SAFETY_REP],
        deadline=(now - DAYS(days=1)).date(), at=now - DAYS(days=19),
    )  # fmt: skip


def waits_for_two(town: Town, now: datetime.datetime) -> None:
    """For two at once: one has approved."""
    draft = _draft(town, "Straumbrot på natta", CARD, by="leder", code="HB", kind="action_card", at=now - DAYS(days=4))
    sjef, radmann, quality = (town.people[each] for each in ("sjef", "radmann", "kvalitet"))
    actions.send(version=draft, by=town.people["leder"], approver=sjef, more=[radmann, quality], at=now - DAYS(days=3))
    actions.approve(version=draft, by=quality, at=now - DAYS(days=2))


def applies_later(town: Town, now: datetime.datetime) -> None:
    """Approved, and in force from the first of the month after next."""
    month = now.month + 2
    day = datetime.date(now.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    draft = _draft(
        town, "Uteblitt heimebesøk", VISIT, by="leder", code="HB", kind="routine",
        at=now - DAYS(days=7),
    )  # fmt: skip
    actions.send(
        version=draft, by=town.people["leder"], approver=town.people["sjef"], applies_from=day,
        at=now - DAYS(days=6),
    )  # fmt: skip
    actions.approve(version=draft, by=town.people["sjef"], at=now - DAYS(days=5))

# ruff: noqa: E501 - the two languages of a text stand on one line
"""What a text can hold, in the demo handbook: procedures that lead to each other, call-outs, checklists, an attachment."""

from __future__ import annotations

import datetime
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from documents import actions
from documents.models import Document, Version
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.demo.procedures import PROCEDURES
from kvalitetslosen.files.uploads import Examined, examine
from kvalitetslosen.organisation.models import User

Pair = tuple[str, str]

DOSETT, HYGIENE, NEEDLE = (
    "Dobbeltkontroll av dosett", "Håndhygiene og basale smittevernrutiner",
    "Stikkskade og smitteeksponering",
)  # fmt: skip
MEDICINE, SERIOUS, DISCHARGE = "Legemiddelhåndtering", "Melding om alvorlig hendelse", "Inn- og utskriving fra sykehus"
# To which procedure what is added: {…} is the id of another, by its place in the line of titles after the text.
ADDED: tuple[tuple[str, Pair, tuple[str, ...], Pair], ...] = (
    (
        MEDICINE,
        (
            ('<aside data-callout="warning"><p>Er du usikker på hvem personen er eller hva det er, deler du ikke ut. Ring ansvarsvakten.</p></aside>'
            '<h2>Før du går til neste</h2><ul data-list="check"><li><p>Navn og fødselsdato er sjekket</p></li><li><p>Inntaket er sett</p></li><li><p>Listen er signert</p></li></ul>'
            '<p>Se også <a data-document="{}"></a>. Gikk det galt, følger du <a data-document="{}">rutinen for alvorlige hendelser</a>.</p>'),
            ('<aside data-callout="warning"><p>Er du usikker på kven personen er eller kva det er, deler du ikkje ut. Ring ansvarsvakta.</p></aside>'
            '<h2>Før du går til neste</h2><ul data-list="check"><li><p>Namn og fødselsdato er sjekka</p></li><li><p>Inntaket er sett</p></li><li><p>Lista er signert</p></li></ul>'
            '<p>Sjå òg <a data-document="{}"></a>. Gjekk det gale, følgjer du <a data-document="{}">rutinen for alvorlege hendingar</a>.</p>'),
        ),
        (DOSETT, SERIOUS),
        ("Nytt: advarsel, sjekkliste og skjema for dosettkontroll.", "Nytt: åtvaring, sjekkliste og skjema for dosettkontroll."),
    ),
    (
        HYGIENE,
        (
            ('<aside data-callout="remember"><p>Ingen ringer, klokke eller negler som stikker ut, heller ikke på kveldsvakt.</p></aside>'
            '<table><tbody><tr><th><p>Når</p></th><th><p>Hva</p></th></tr><tr><th><p>Synlig skitne hender</p></th><td><p>Såpe og vann</p></td></tr><tr><th><p>Ellers</p></th><td><p>Sprit i 30 sekunder</p></td></tr></tbody></table>'
            '<p>Har du stukket deg, se <a data-document="{}"></a>.</p>'),
            ('<aside data-callout="remember"><p>Ingen ringar, klokke eller negler som stikk ut, heller ikkje på kveldsvakt.</p></aside>'
            '<table><tbody><tr><th><p>Når</p></th><th><p>Kva</p></th></tr><tr><th><p>Synleg skitne hender</p></th><td><p>Såpe og vatn</p></td></tr><tr><th><p>Elles</p></th><td><p>Sprit i 30 sekund</p></td></tr></tbody></table>'
            '<p>Har du stukke deg, sjå <a data-document="{}"></a>.</p>'),
        ),
        (NEEDLE,),
        ("Tabell over når en vasker og når en spriter.", "Tabell over når ein vaskar og når ein spritar."),
    ),
    (
        DISCHARGE,
        (
            ('<aside data-callout="note"><p>Telefonnumrene til avdelingene står i <a href="#del-telefonliste">telefonlisten</a>.</p></aside>'
            '<p>Legemidlene samstemmes etter <a data-document="{}"></a>.</p>'),
            ('<aside data-callout="note"><p>Telefonnumra til avdelingane står i <a href="#del-telefonliste">telefonlista</a>.</p></aside>'
            '<p>Legemidla blir samstemte etter <a data-document="{}"></a>.</p>'),
        ),
        (MEDICINE,),
        ("Vist til legemiddelhåndtering.", "Vist til legemiddelhandtering."),
    ),
)  # fmt: skip
FORM: tuple[Pair, ...] = (
    ("Tidspunkt", "Tidspunkt"), ("Talt", "Talt"), ("Stemmer", "Stemmer"), ("Signatur 1", "Signatur 1"), ("Signatur 2", "Signatur 2"),
)  # fmt: skip
FORM_NAME = ("Skjema for dosettkontroll.xlsx", "Skjema for dosettkontroll.xlsx")


def form(town: Town) -> Examined:
    """A small spreadsheet to fill in."""
    book = Workbook()
    assert book.active is not None
    book.active.append([town.word(each) for each in FORM])
    content = io.BytesIO()
    book.save(content)
    return examine(SimpleUploadedFile(town.word(FORM_NAME), content.getvalue()))


def write(towns: list[Town], now: datetime.datetime, listed: list[tuple[str, str, Document]]) -> None:
    """The next small version of a few procedures of each municipality."""
    for town in towns:
        titles = {each.texts[town.nynorsk].title: each.texts[0].title for each in PROCEDURES}
        here = (document for code, _unit, document in listed if document.level_0 == town.root.pk)
        by_title = {titles[document.title]: document for document in here}
        for place, (title, text, leads_to, summary) in enumerate(ADDED):
            if {title, *leads_to} <= by_title.keys():
                added = town.word(text).format(*(by_title[each].pk for each in leads_to))
                files = [form(town)] if title == MEDICINE else []
                _renewed(by_title[title], added, town.word(summary), files, now - datetime.timedelta(days=9 - place))


def _renewed(document: Document, added: str, summary: str, files: list[Examined], at: datetime.datetime) -> None:
    """Written, sent and approved by the same two as before."""
    before = Version.objects.in_force().select_related("author", "approved_by").get(document=document)
    author, approver = before.author, before.approved_by
    assert isinstance(approver, User)
    draft = actions.new_version(document=document, by=author, at=at)
    actions.save(
        version=draft, by=author, title=draft.title, body=draft.body + added, change_summary=summary, is_minor=True,
        attach=files, at=at + datetime.timedelta(minutes=40),
    )  # fmt: skip
    actions.send(version=draft, by=author, approver=approver, at=at + datetime.timedelta(hours=2))
    actions.approve(version=draft, by=approver, at=at + datetime.timedelta(hours=20))

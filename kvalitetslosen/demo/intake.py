"""One folder that was taken in some weeks ago, and one whose files wait for the coordinator to look them through."""

from __future__ import annotations

import io
import zipfile
from html import escape

from documents.actions import intake as actions
from documents.intake import archive
from documents.models import Intake
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.organisation.models import User

Text = tuple[tuple[str, ...], str, tuple[str, ...]]  # the table at the top, the title, the paragraphs

TAKEN: dict[str, Text] = {
    "{home}/Prosedyrer/P-207 Vask av hjelpemidler v2.docx": (
        ("Dokumentnr", "P-207", "Godkjent av", "Aud Lunde", "Gyldig fra", "14.03.2025", "Revisjon", "2.0"),
        "Vask av hjelpemidler",
        (
            "Rullestoler, rullatorer og dusjstoler vaskes før de går videre til en ny bruker.",
            "Bruk såpe og vann først, og desinfeksjon etterpå. Tørk, og merk med dato.",
            "Det som ikke kan vaskes, sendes hjelpemiddelsentralen. Jf. smittevernloven § 4-7.",
        ),
    ),
    "{home}/Sjekklister/Sjekkliste for tjenestebil.docx": (
        ("Utarbeidet av", "Aud Lunde", "Dato", "02.02.2025"),
        "Sjekkliste for tjenestebil",
        (
            "Olje, spylervæske, lys og dekk sees over hver mandag.",
            "Refleksvest og førstehjelpsskrin ligger i bilen. Nøkkelen henges i skapet.",
        ),
    ),
}
WAITING: dict[str, Text] = {
    "{home}/Rutiner/R-31 Nattvakt alene.docx": (
        ("Dokumentnr", "R-31", "Godkjent av", "Aud Lunde", "Gyldig fra", "01.09.2023"),
        "Nattvakt alene",
        (
            "Den som er alene på natt, ringer ansvarsvakten klokka 23, 02 og 05. Jf. arbeidsmiljøloven § 4-1.",
            "Svarer ingen, ringes nødnummeret for tjenesten.",
        ),
    ),
    "{home}/Rutiner/Postgang og arkiv.docx": (
        (),
        "Rutine for postgang og arkiv",
        ("Post åpnes samme dag, og legges i arkivet etter offentleglova § 3. Ingen post blir liggende over helgen.",),
    ),
    "Felles/Plan for ekstremvær.docx": (
        ("Dokumenttype", "Beredskapsplan", "Revideres innen", "01.06.2027"),
        "Plan for ekstremvær",
        ("Ved varsel på rødt nivå møtes kriseledelsen. Hjemmetjenesten ringer dem som bor for seg selv.",),
    ),
    "Felles/Gammel permisjonsrutine.doc": ((), "", ()),
}

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def stage(towns: list[Town]) -> None:
    town = next(each for each in towns if each.plan.code == "MAR")
    home, by = town.units["HB"].name, town.coordinator
    done = _read(by, "Permen fra hjemmetjenesten", TAKEN, home)
    actions.take_in_chosen(intake=done, by=by, in_force=True)
    actions.go_on(done.pk, seconds=60)
    _read(by, "Fellesmappa på K", WAITING, home)


def _read(by: User, name: str, texts: dict[str, Text], home: str) -> Intake:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for path, text in texts.items():
            target.writestr(path.format(home=home), _docx(text) if text[1] else _OLD_WORD)
    file.seek(0)
    intake = actions.begin(by=by, name=name, file=file, listed=archive.listed(file, f"{name}.zip"))
    actions.go_on(intake.pk, seconds=60)
    return intake


def _docx(text: Text) -> bytes:
    facts, title, paragraphs = text
    rows = [facts[at : at + 4] for at in range(0, len(facts), 4)]
    cells = "".join(f"<w:tr>{''.join(f'<w:tc>{_paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    body = (f"<w:tbl>{cells}</w:tbl>" if rows else "") + _paragraph(title, 0) + "".join(map(_paragraph, paragraphs))
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("[Content_Types].xml", _TYPES)
        target.writestr("_rels/.rels", _RELATIONS)
        target.writestr("word/document.xml", f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>')
    return result.getvalue()


def _paragraph(text: str, level: int | None = None) -> str:
    properties = f'<w:pPr><w:outlineLvl w:val="{level}"/></w:pPr>' if level is not None else ""
    return f"<w:p>{properties}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"

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
    "{home}/Prosedyrar/P-207 Vask av hjelpemiddel v2.docx": (
        ("Dokumentnr", "P-207", "Godkjend av", "Aud Lognavik", "Gyldig frå", "14.03.2025", "Revisjon", "2.0"),
        "Vask av hjelpemiddel",
        (
            "Rullestolar, rullatorar og dusjstolar blir vaska før dei går vidare til ein ny brukar.",
            "Bruk såpe og vatn først, og desinfeksjon etterpå. Tørk, og merk med dato.",
            "Det som ikkje kan vaskast, blir sendt til hjelpemiddelsentralen. Jf. smittevernlova § 4-7.",
        ),
    ),
    "{home}/Sjekklister/Sjekkliste for tenestebil.docx": (
        ("Utarbeidd av", "Aud Lognavik", "Dato", "02.02.2025"),
        "Sjekkliste for tenestebil",
        (
            "Olje, spylarvæske, lys og dekk blir sjekka kvar måndag.",
            "Refleksvest og førstehjelpsskrin ligg i bilen. Nøkkelen heng i skapet.",
        ),
    ),
}
WAITING: dict[str, Text] = {
    "{home}/Rutinar/R-31 Nattevakt åleine.docx": (
        ("Dokumentnr", "R-31", "Godkjend av", "Aud Lognavik", "Gyldig frå", "01.09.2023"),
        "Nattevakt åleine",
        (
            "Den som er åleine om natta, ringjer ansvarsvakta klokka 23, 02 og 05. Jf. arbeidsmiljølova § 4-1.",
            "Svarar ingen, ringjer ein nødnummeret til tenesta.",
        ),
    ),
    "{home}/Rutinar/Postgang og arkiv.docx": (
        (),
        "Rutine for postgang og arkiv",
        ("Post blir opna same dag, og lagd i arkivet etter offentleglova § 3. Ingen post blir liggjande over helga.",),
    ),
    "Felles/Plan for ekstremvær.docx": (
        ("Dokumenttype", "Beredskapsplan", "Reviderast innan", "01.06.2027"),
        "Plan for ekstremvær",
        ("Ved varsel på raudt nivå møtest kriseleiinga. Heimetenesta ringjer dei som bur for seg sjølve.",),
    ),
    "Felles/Gammal permisjonsrutine.doc": ((), "", ()),
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
    town = next(each for each in towns if each.plan.code == "AAS")
    home, by = town.units["HB"].name, town.coordinator
    done = _read(by, "Permen frå heimetenesta", TAKEN, home)
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

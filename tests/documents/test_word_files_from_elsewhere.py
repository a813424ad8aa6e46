"""Word files as Word, LibreOffice and web services write them, and as those write who want to harm."""

from __future__ import annotations

import datetime
import io
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from documents.intake import extraction
from documents.intake.conversion import Converted, Said, converted
from documents.intake.extraction import Reader
from documents.intake.guesses import guess, laws_in
from tests.documents.office_files import PICTURE, docx, paragraph, pdf, table

FILES = Path(__file__).parent / "files"


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reading:
        yield reading


def read(name: str, reader: Reader) -> Converted:
    return converted(name, (FILES / name).read_bytes(), reader=reader)


# File: what must stand in the text, and what is said not to have been kept.
KEPT = [
    ("mammoth-text-box.docx", ["<p>Datum plane</p>"], {"text_boxes": 1}),
    ("mammoth-comments.docx", ["<p>Ouch.</p>"], {"comments": 2}),
    ("mammoth-external-picture.docx", ["[A picture is missing here]"], {"linked_pictures": 1}),
    ("mammoth-strict-format.docx", ["<p>Test</p>"], {}),
    ("mammoth-footnotes.docx", ["<sup>[1]</sup>", "<h2>Footnotes</h2><ol><li><p>"], {}),
    ("mammoth-endnotes.docx", ["<sup>[2]</sup>", "<h2>Footnotes</h2>"], {}),
    ("mammoth-tables.docx", ["<table>", "<p>Top left</p>", "Bottom right"], {}),
    ("mammoth-tiny-picture.docx", ['<img src="data:image/png;base64,'], {}),
    ("mammoth-strikethrough.docx", ["Today"], {"struck": 1}),
    ("mammoth-utf8-bom.docx", ["<p>"], {}),
    (
        "python-docx-shp-inline-shape-access.docx",
        ["<img", "[A chart is missing here]", "[A diagram is missing here]", "[A picture is missing here]"],
        {"charts": 1, "diagrams": 1, "linked_pictures": 1},
    ),
    ("python-docx-blk-paras-and-tables.docx", ["<table>"], {"heads": 2}),
    ("python-docx-hdr-header-footer.docx", [], {"heads": 2}),
    (
        "python-docx-par-hyperlinks.docx",
        ['<a href="http://yahoo.com/" rel="noopener noreferrer">awesome'],
        {},
    ),
    ("python-docx-tbl-cell-access.docx", ['colspan="2"', 'rowspan="2"'], {}),
    (
        "made-by-libreoffice.docx",
        [
            "<h2>Formål</h2>",
            '<ol><li>Se etter plass.<ol type="a"><li>Flytt stoler.</li><li>Lås hjulene.</li></ol></li>',
            '<ol start="4"><li>Senk sakte.</li>',
            "<ul><li>Ett</li><li>To<ul><li>Under to</li></ul></li></ul>",
            '<thead><tr><th><p>Hvem</p></th><th colspan="2"><p>Hva</p></th></tr></thead>',
            '<td rowspan="2"><p>Leder</p></td>',
            "skadet<sup>[1]</sup>",
            "Se arbeidsmiljøloven § 4-4.",
        ],
        {"linked_pictures": 1},
    ),
    (
        "made-by-docx-js.docx",
        [
            '<ol><li>Skriv navn.<ol type="a"><li>Fornavn.</li><li>Etternavn.</li></ol></li><li>Skriv dato.</li></ol>',
            '<p>Husk:</p><ol start="3"><li>Lever tilbake.</li></ol>',
            '<thead><tr><th><p>Nøkkel</p></th><th colspan="2"><p>Hvem</p></th></tr></thead>',
            "<h2>Footnotes</h2><ol><li><p>Se brukerhåndboka.</p></li></ol>",
        ],
        {"heads": 1},
    ),
    ("made-by-html-to-docx.docx", ["<ol><li>Såpe</li><li>Skyll<ul><li>varmt</li></ul></li></ol>"], {}),
]


@pytest.mark.parametrize(("name", "pieces", "counts"), KEPT, ids=[each[0] for each in KEPT])
def test_what_the_file_has_is_kept_or_said(
    reader: Reader, name: str, pieces: list[str], counts: dict[str, int]
) -> None:
    found = read(name, reader)

    assert found.counts == counts
    assert len(found.notes) == len(counts)
    assert [piece for piece in pieces if piece not in found.html] == [], found.html[:2000]
    assert "\ue001" not in found.html


@pytest.mark.parametrize(
    ("name", "code"), [("made-with-password.docx", "old_word"), ("python-docx-doc-default.docx", "nothing")]
)
def test_what_cannot_be_read_is_refused_in_one_sentence(reader: Reader, name: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        read(name, reader)
    assert refusal.value.code == code
    assert name in refusal.value.messages[0]


def test_laws_are_guessed_by_every_name_they_go_by() -> None:
    text = "Se forskrift om brannforebygging § 12, aml § 4-1 og hundeloven § 3. Kommuneloven §§ 25-1 og 25-2."
    assert laws_in(text) == [
        "forskrift om brannforebygging § 12",
        "arbeidsmiljøloven § 4-1",
        "kommuneloven § 25-1",
        "kommuneloven § 25-2",
        "hundeloven § 3",
    ]


def test_title_number_people_dates_and_laws_are_guessed(reader: Reader) -> None:
    lifting = read("made-by-libreoffice.docx", reader)
    guessed = guess("Sykehjem/made-by-libreoffice.docx", lifting.said, lifting.text)
    assert (guessed.title, guessed.type, guessed.number, guessed.version) == (
        "Rutine for løfting",
        "routine",
        "R-31",
        "2.1",
    )
    assert (guessed.approved_by, guessed.approved_on) == ("Kari Nordmann", datetime.date(2025, 2, 1))
    assert guessed.laws == ["arbeidsmiljøloven § 4-4"]
    keys = read("made-by-docx-js.docx", reader)
    from_head = guess("made-by-docx-js.docx", keys.said, keys.text)
    assert (from_head.title, from_head.number, from_head.version) == ("Rutine for nøkler", "R-12", "4.0")
    assert from_head.people == ["Kari Nordmann"]


@pytest.mark.parametrize(
    ("path", "title", "number", "version", "type"),
    [
        ("P-012 Fallforebygging v2.docx", "Fallforebygging", "P-012", "2.0", ""),
        ("3.2.1 Sjekkliste_kjøkken 2021-03-04.docx", "Sjekkliste kjøkken", "3.2.1", "", "checklist"),
        ("Kopi av Brannplan (2).pdf", "Brannplan", "", "", "plan"),
        ("Rutiner/Vaktbytte endelig.docx", "Vaktbytte", "", "", "routine"),
        ("HMS/ROS-analyse legemidler rev. 3.docx", "ROS-analyse legemidler", "", "3.0", "risk_assessment"),
        ("Retningsliner/Besøk i sjukeheimen.docx", "Besøk i sjukeheimen", "", "", "guideline"),
        ("Beredskapsplan strømbrudd_v1.2.docx", "Beredskapsplan strømbrudd", "", "1.2", "contingency_plan"),
    ],
)
def test_a_files_name_and_folders_tell_what_it_is(path: str, title: str, number: str, version: str, type: str) -> None:
    found = guess(path, Said(), "")
    assert (found.title, found.number, found.version, found.type) == (title, number, version, type)


# Bodies made by hand: what no program above writes -------------------------------------------------------------------


def html_of(*body: str, reader: Reader, extra: dict[str, bytes] | None = None) -> Converted:
    return converted("a.docx", docx(*body, extra=extra), reader=reader)


def test_what_people_use_for_headings_becomes_headings(reader: Reader) -> None:
    def bold(text: str) -> str:
        return f"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r></w:p>"

    found = html_of(bold("Formål"), paragraph("a"), bold("Ansvar:"), paragraph("b"), bold("Slutt."), reader=reader)
    assert found.html == "<h2>Formål</h2><p>a</p><h2>Ansvar:</h2><p>b</p><p><strong>Slutt.</strong></p>"
    assert found.counts == {"bold_headings": 2}


def test_the_first_row_in_bold_is_the_head_of_the_table(reader: Reader) -> None:
    cells = [f"<w:tc><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{t}</w:t></w:r></w:p></w:tc>" for t in ("Hvem", "Hva")]
    rows = table(("Leder", "Teller")).removeprefix("<w:tbl>")
    found = html_of(paragraph("x"), f"<w:tbl><w:tr>{''.join(cells)}</w:tr>{rows}", reader=reader)
    assert "<thead><tr><th>" in found.html


def test_equations_fields_hidden_text_and_boxes_to_tick(reader: Reader) -> None:
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    fraction = "<m:f><m:num><m:r><m:t>kg</m:t></m:r></m:num><m:den><m:r><m:t>m</m:t></m:r></m:den></m:f>"
    w14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    ticked = (
        f"<w:sdt><w:sdtPr><w14:checkbox {w14}/></w:sdtPr><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>"
    )
    found = html_of(
        f"<w:p><m:oMath {math}>{fraction}</m:oMath></w:p>",
        '<w:p><w:fldSimple w:instr="TITLE"><w:r><w:t>Feltets tekst</w:t></w:r></w:fldSimple></w:p>',
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hemmelig</w:t></w:r><w:r><w:t>synlig</w:t></w:r></w:p>",
        f"<w:p>{ticked}<w:r><w:t> Sjekket</w:t></w:r></w:p>",
        "<w:p><w:altChunk/></w:p>",
        reader=reader,
    )
    for piece in ("<p>(kg)/(m)</p>", "<p>Feltets tekst</p>", "<p>synlig</p>", "☒ Sjekket", "[A part of the text"):
        assert piece in found.html, found.html
    assert "hemmelig" not in found.html
    assert found.counts == {"equations": 1, "hidden": 1, "form_fields": 1, "parts": 1}


def test_macros_never_come_in_but_the_text_does(reader: Reader) -> None:
    found = html_of(paragraph("Brann"), reader=reader, extra={"word/vbaProject.bin": b"Sub AutoOpen()"})
    assert (found.html, found.counts) == ("<p>Brann</p>", {"macros": 1})


def test_a_file_as_google_docs_writes_them(reader: Reader) -> None:
    """Everything is said of every run, switched off where it doesn't apply; bold for headings; a place to link to."""
    off = "".join(f'<w:{name} w:val="0"/>' for name in ("i", "smallCaps", "strike", "vanish", "rtl"))

    def run(text: str, *, bold: bool = False) -> str:
        how = f'<w:rPr><w:b w:val="{int(bold)}"/>{off}<w:vertAlign w:val="baseline"/></w:rPr>'
        return f'<w:r w:rsidDel="00000000" w:rsidRPr="00000000">{how}<w:t xml:space="preserve">{text}</w:t></w:r>'

    def line(*runs: str, about: str = "") -> str:
        return f'<w:p w:rsidP="00000000"><w:pPr>{about}<w:spacing w:after="0"/></w:pPr>{"".join(runs)}</w:p>'

    item = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    numbering = (
        f'<w:numbering xmlns:w="{w}"><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    mark = '<w:bookmarkStart w:id="0" w:name="_heading=h.gjdgxs"/><w:bookmarkEnd w:id="0"/>'
    found = html_of(
        line(mark, run("Formål", bold=True)),
        line(run("Ingen skal "), run("bli skadet", bold=True), run(".")),
        line(run("Slik gjør vi", bold=True)),
        line(run("Se etter plass"), about=item),
        line(run("Lås hjulene"), about=item),
        reader=reader,
        extra={"word/numbering.xml": numbering.encode(), "word/fonts/Inter-regular.ttf": b"\0" * 50},
    )
    assert found.html == (
        "<h2>Formål</h2><p>Ingen skal <strong>bli skadet</strong>.</p>"
        "<h2>Slik gjør vi</h2><ol><li>Se etter plass</li><li>Lås hjulene</li></ol>"
    )
    assert found.counts == {"bold_headings": 2}


def test_nothing_is_asked_of_the_network(reader: Reader) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.settimeout(0)
        here = f"http://127.0.0.1:{listening.getsockname()[1]}"
        kinds = {"rId9": "image", "rId8": "attachedTemplate", "rId7": "oleObject", "rId6": "hyperlink"}
        relation = (
            '<Relationship Id="{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
            'Target="{}/{}" TargetMode="External"/>'
        )
        relations = "".join(relation.format(key, kind, here, kind) for key, kind in kinds.items())
        rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}'
        link = PICTURE.replace("r:embed", "r:link")
        field = f'<w:p><w:r><w:instrText>INCLUDEPICTURE "{here}/x.png"</w:instrText></w:r></w:p>'
        found = html_of(
            paragraph("Se"), link, PICTURE, field, reader=reader,
            extra={"word/_rels/document.xml.rels": f"{rels}</Relationships>".encode()},
        )  # fmt: skip
        assert found.counts == {"linked_pictures": 2, "remote": 1}
        with pytest.raises(BlockingIOError):
            listening.accept()


LAUGHS = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
HOSTILE = {
    "entities": docx(paragraph("Brann"), doctype=LAUGHS),
    "outside": docx(paragraph("Brann"), doctype=OUTSIDE),
    "entities elsewhere": docx(paragraph("Brann"), extra={"word/numbering.xml": f"{LAUGHS}<w/>".encode()}),
    "entities in utf-16": docx(paragraph("Brann"), extra={"word/numbering.xml": f"{LAUGHS}<w/>".encode("utf-16")}),
    "nested": docx("<w:tbl><w:tr><w:tc>" * 3000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3000),
    "no xml": docx(paragraph("Brann"), extra={"word/footnotes.xml": b"\x00\xff"}),
    "cut off": docx(paragraph("Brann") * 50)[:900] + b"PK",
    "unpacks to much": docx(paragraph("Brann"), extra={"word/media/a.png": b"\0" * 100_000_001}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_was_made_to_harm_is_refused(reader: Reader, name: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        converted("a.docx", HOSTILE[name], reader=reader)
    assert refusal.value.code in ("unreadable", "kind")


def test_a_picture_with_too_many_pixels_is_left_out(reader: Reader) -> None:
    huge = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(huge, "PNG")
    found = converted("a.docx", docx(paragraph("Se"), PICTURE, picture=huge.getvalue()), reader=reader)
    assert found.counts == {"pictures": 1}


def test_styles_and_numbers_that_point_at_themselves_end(reader: Reader) -> None:
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    style = '<w:style w:type="paragraph" w:styleId="{0}"><w:name w:val="{0}"/><w:basedOn w:val="{1}"/></w:style>'
    styles = f'<w:styles xmlns:w="{w}">{style.format("A", "B")}{style.format("B", "A")}</w:styles>'
    raw = docx(paragraph("Brann", "A"))
    with zipfile.ZipFile(io.BytesIO(raw)) as source:
        result = io.BytesIO()
        with zipfile.ZipFile(result, "w") as target:
            for name in source.namelist():
                target.writestr(name, styles if name == "word/styles.xml" else source.read(name))
    assert converted("a.docx", result.getvalue(), reader=reader).html == "<p>Brann</p>"


def test_scripts_and_files_in_a_pdf_never_come_in(reader: Reader) -> None:
    plain = pdf("Brann")
    for active in (b"/OpenAction << /S /JavaScript /JS (app.alert) >>", b"/AA << /O << /S /Launch /F (x) >> >>",
                   b"/OpenAction << /S /J#61vaScript /JS (x) >>"):  # fmt: skip
        with pytest.raises(ValidationError) as refusal:
            converted("a.pdf", plain.replace(b"/Type /Catalog", b"/Type /Catalog " + active), reader=reader)
        assert refusal.value.code == "active"


def test_one_reader_reads_many_and_survives_a_file_that_kills(reader: Reader) -> None:
    busy = docx("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 200_000)
    with pytest.raises(extraction.Unreadable) as refusal:
        reader.read("word", busy, seconds=1)
    assert refusal.value.code == "slow"
    assert converted("a.docx", docx(paragraph("Brann")), reader=reader).html == "<p>Brann</p>"

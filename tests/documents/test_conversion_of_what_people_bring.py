"""A leader brings a procedure from Word or as a PDF."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from documents.html import READ_OUT, read_out
from documents.intake import conversion, extraction
from documents.intake.conversion import convert
from tests.documents.office_files import PICTURE, docx, paragraph, pdf, table


def upload(data: bytes, name: str = "rutine_for_vask.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def refused(data: bytes, name: str = "rutine.docx") -> str:
    with pytest.raises(ValidationError) as refusal:
        convert(upload(data, name))
    assert len(refusal.value.messages) == 1
    assert name in refusal.value.messages[0]
    return str(refusal.value.code)


def png(width: int = 4, height: int = 4) -> bytes:
    result = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(result, "PNG")
    return result.getvalue()


def test_word_becomes_text_one_can_go_on_writing() -> None:
    converted = convert(
        upload(
            docx(
                paragraph("Rutine for brann", "Tittel"),
                paragraph("1 Hensikt ......... 2", "INNH1"),
                paragraph("Hensikt", "Overskrift1"),
                paragraph("Alle skal ut & være <trygge>."),
                paragraph("Ansvar", "Overskrift2"),
                table(("Hvem", "Hva"), ("Leder", "Teller")),
            )
        )
    )

    assert converted.title == "Rutine for brann"
    assert converted.html.startswith(
        "<h2>Hensikt</h2><p>Alle skal ut &amp; være &lt;trygge&gt;.</p><h3>Ansvar</h3><table>"
    )
    assert "Teller" in converted.html
    assert converted.text.splitlines()[:2] == ["Hensikt", "Alle skal ut & være <trygge>."]
    assert (converted.keep_file, converted.notes) == (False, [])


def test_the_first_heading_or_the_file_gives_the_title() -> None:
    with_heading = convert(upload(docx(paragraph("Vask", "Overskrift1"), paragraph("Vask."))))
    assert (with_heading.title, with_heading.html) == ("Vask", "<p>Vask.</p>")
    assert convert(upload(docx(paragraph("Bare tekst.")))).title == "rutine for vask"


def test_a_heading_that_is_not_the_title_one_has_chosen_stays_in_the_text() -> None:
    file = docx(paragraph("Vask av hender", "Overskrift1"), paragraph("Vask."))
    assert convert(upload(file), title="vask  av hender").html == "<p>Vask.</p>"
    kept = convert(upload(file), title="Handhygiene")
    assert kept.html == "<h2>Vask av hender</h2><p>Vask.</p>"
    assert kept.text == "Vask av hender\nVask."


def test_only_one_heading_becomes_the_title() -> None:
    converted = convert(upload(docx(paragraph("A", "Tittel"), paragraph("b"), paragraph("C", "Tittel"))))
    assert (converted.title, converted.html) == ("A", "<p>b</p><h2>C</h2>")


def test_pictures_come_along_drawn_anew_and_no_larger_than_needed() -> None:
    converted = convert(upload(docx(paragraph("Se:"), PICTURE, picture=png(3000, 30))))

    assert 'alt="Rømningsvei"' in converted.html
    assert 'src="data:image/png;base64,' in converted.html
    assert len(converted.html) < 10_000


def test_a_picture_that_cannot_be_read_is_told_of() -> None:
    converted = convert(upload(docx(paragraph("Se:"), PICTURE, picture=b"\x01\x00\x00\x00 EMF")))

    assert "<img" not in converted.html
    assert converted.notes == ["One picture could not be taken along. Put it in again as PNG or JPEG."]


def test_tracked_changes_are_accepted_and_told_of() -> None:
    changed = '<w:p><w:ins w:author="N"><w:r><w:t>Nytt</w:t></w:r></w:ins>'
    changed += "<w:del><w:r><w:delText>Gammelt</w:delText></w:r></w:del></w:p>"
    converted = convert(upload(docx(changed)))

    assert converted.html == "<p>Nytt</p>"
    assert len(converted.notes) == 1


def test_a_pdf_is_kept_and_its_words_are_read() -> None:
    converted = convert(upload(pdf("Rømning ved brann", "Side to (siste)"), "brannvern.pdf"))

    assert (converted.title, converted.html, converted.keep_file) == ("brannvern", "", True)
    assert (converted.text, converted.notes) == ("Rømning ved brann\nSide to (siste)", [])


def test_the_content_decides_not_the_name() -> None:
    assert convert(upload(pdf("Brann"), "brann.docx")).keep_file


def test_a_scanned_pdf_is_taken_with_a_note() -> None:
    converted = convert(upload(pdf(""), "skannet.pdf"))

    assert (converted.text, converted.keep_file, len(converted.notes)) == ("", True, 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"bare tekst", "kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_word"),
        (docx(), "nothing"),
        (docx(paragraph(" ")), "nothing"),
        (docx(paragraph("Brann"))[:-200], "kind"),
        (docx(paragraph("Brann"), doctype='<!DOCTYPE x [<!ENTITY a "b">]>'), "unreadable"),
        (docx("<w:p>"), "unreadable"),
        (docx(paragraph("Brann"), extra={"word/media/x.bin": b"\0" * 100_000_001}), "unreadable"),
        (docx(paragraph("Brann"), extra={"word/x.xml": b" " * (extraction.MAX_XML + 1)}), "unreadable"),
        (docx("<w:p>" * 5000 + "</w:p>" * 5000), "unreadable"),
        (docx(paragraph("Pasient 15076500565")), "identity_number_inside"),
        (pdf("Pasient 15076500565"), "identity_number_inside"),
        (b"%PDF-1.4\nbroken\n%%EOF", "unreadable"),
        (pdf(), "unreadable"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_a_pdf_with_a_password_is_refused() -> None:
    keys = f"/O <{'00' * 32}> /U <{'00' * 32}>"
    locked = pdf("Brann", encrypt=f"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 {keys} >>")

    assert refused(locked, "brann.pdf") == "password"


def test_what_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "MAX_SIZE", 100)
    assert refused(docx(paragraph("Brann"))) == "too_large"


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "MAX_PAGES", 2)
    assert refused(pdf("1", "2", "3"), "tre.pdf") == "pages"


def test_the_name_may_not_tell_who_it_is_about() -> None:
    with pytest.raises(ValidationError) as refusal:
        convert(upload(docx(paragraph("Brann")), "15076500565.docx"))
    assert "15076500565" not in str(refusal.value)


def test_a_file_made_to_keep_the_reader_busy_is_given_up() -> None:
    busy = docx("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 200_000)

    begun = time.monotonic()
    with pytest.raises(extraction.Unreadable) as refusal:
        extraction.read("word", busy, seconds=2)

    assert refusal.value.code == "slow"
    assert time.monotonic() - begun < 10


def test_a_reader_that_falls_over_takes_nobody_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "_ROOT", Path("/"))  # there is no such reader there

    assert refused(pdf("Brann"), "brann.pdf") == "unreadable"


def test_the_reader_has_no_secrets_to_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "documents" / "intake"
    package.mkdir(parents=True)
    answers = "import json, os, sys; sys.stdin.buffer.readline(); print(json.dumps(dict(os.environ)), flush=True)"
    (package / "extraction.py").write_text(answers)
    monkeypatch.setattr(extraction, "_ROOT", tmp_path)
    monkeypatch.setenv("SECRET_KEY", "ikke si det")

    assert set(extraction.read("pdf", b"")) <= {"PATH", "LANG", "LC_CTYPE", "__PYVENV_LAUNCHER__"}


def test_the_lines_of_a_page_become_paragraphs() -> None:
    page = "\n".join([
        "Brannvern",
        "Alle skal kjenne rømningsveiene der de arbeider, og",
        "vite hvor slokkeutstyret står.",
        "1. Varsle alle i huset, og ring 110 så snart du kan",
        "fra et trygt sted",
        "2. <b>Lukk</b> dørene",
    ])  # fmt: skip
    assert read_out(page).html == (
        "<p>Brannvern</p>"
        "<p>Alle skal kjenne rømningsveiene der de arbeider, og vite hvor slokkeutstyret står.</p>"
        "<p>1. Varsle alle i huset, og ring 110 så snart du kan fra et trygt sted</p>"
        "<p>2. &lt;b&gt;Lukk&lt;/b&gt; dørene</p>"
    )
    assert not read_out(page).more
    assert read_out("ord " * READ_OUT).more
    assert read_out("").html == ""

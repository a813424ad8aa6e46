"""What a file tells by itself of writer and place is gone when it is stored, and the file opens as before."""

from __future__ import annotations

import io
import struct
import time
import uuid
import zipfile
import zlib
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from deviations.models import Deviation
from kvalitetslosen.files import kinds, sound
from kvalitetslosen.files.notes import jpeg_without_place, may_tell_writer, pdf_without_writer
from kvalitetslosen.files.uploads import examine
from tests.documents.office_files import docx, paragraph, pdf
from tests.files.test_sending_files import GPS, MAKE, ORIENTATION, folder, stored, upload
from tests.people import World

__all__ = ["folder"]

NAME = "Kari Nordmann"


def photo_from_home(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[MAKE] = "Telefon"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS)[2] = (58.0, 36.0, 12.0)
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(drawn, "JPEG", exif=exif)
    return drawn.getvalue()


def pdf_by(**particulars: str) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(drawn, "PDF", **particulars)
    return drawn.getvalue()


def particulars(data: bytes) -> dict[str, Any]:
    with pypdfium2.PdfDocument(data) as opened:
        assert len(opened) >= 1
        opened[0].render()
        return {name: said for name, said in opened.get_metadata_dict().items() if said.strip()}


def test_a_pdf_forgets_writer_and_title_and_opens_as_before(folder: Any) -> None:
    sent = pdf_by(author=NAME, title="Om (Kari) \\ og Ola", subject="Åseral")
    assert NAME in str(particulars(sent))
    kept = stored(examine(upload(sent, "notat.pdf")), folder)
    assert len(kept) == len(sent)
    assert set(particulars(kept)) <= {"CreationDate", "ModDate"}


@pytest.mark.parametrize(
    "text", [b"(Kari Nordmann)", b"(Kari \\) \\( (x) Nordmann)", b"<4B617269204E6F72646D616E6E>", b"<FEFF 004B 0061>"]
)
def test_texts_that_stand_apart_are_found(text: bytes) -> None:
    """As macOS writes them: the particulars only point to the texts."""
    first = b"7 0 obj\n<< /Author 12 0 R /CreationDate (D:2026) >>\nendobj\n12 0 obj\n%b\nendobj\n"
    sent = first + b"trailer << /Info 7 0 R >>"
    kept = pdf_without_writer(sent % text)
    assert len(kept) == len(sent % text)
    assert text not in kept
    assert b"Kari" not in kept
    assert b"/CreationDate (D:2026) >>\nendobj\n12 0 obj\n" in kept
    assert kept.endswith(b"\nendobj\ntrailer << /Info 7 0 R >>")


def test_the_older_version_of_a_changed_pdf_is_emptied_too() -> None:
    sent = b"7 0 obj << /Author (Kari) >> endobj 7 0 obj << /Author (Ola) >> endobj trailer << /Info 7 0 R >>"
    kept = pdf_without_writer(sent)
    assert b"Kari" not in kept
    assert b"Ola" not in kept


def test_xmp_and_the_places_of_photos_in_a_pdf_are_gone() -> None:
    xmp = b"<?xpacket?><x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>Kari</dc:creator></x:xmpmeta>"
    kept = pdf_without_writer(b"%PDF-1.4\n" + xmp + photo_from_home() + b"\n%%EOF")
    assert b"Kari" not in kept
    assert b"Telefon" not in kept


@pytest.mark.parametrize("mark", ["/Encrypt 9 0 R", "/ByteRange [0 1 2 3]"])
def test_what_is_protected_or_signed_is_left_alone(mark: str) -> None:
    sent = b"%PDF-1.4\n7 0 obj << /Author (Kari) >> endobj trailer << /Info 7 0 R " + mark.encode() + b">>"
    assert pdf_without_writer(sent) == sent


@pytest.mark.parametrize(
    "strange",
    [
        b"trailer << /Info 1 0 R /Root 1 0 R >> 1 0 obj << /Lang (nb) >> endobj",
        b"trailer << /Info 1 0 R >> 1 0 obj << /Author 2 0 R >> endobj 2 0 obj << /Type /Page /X (a) >> endobj",
        b"trailer << /Info 1 0 R >> 1 0 obj << /Author (never ends",
        b"trailer << /Info 99 0 R >>",
        b"1 0 obj << /T (x) >> endobj",
    ],
)
def test_a_strange_pdf_is_not_harmed(strange: bytes) -> None:
    kept = pdf_without_writer(strange)
    assert len(kept) == len(strange)
    assert b"(nb)" in kept or b"(nb)" not in strange
    assert b"(a)" in kept or b"(a)" not in strange
    assert b"(x)" in kept or b"(x)" not in strange


@pytest.mark.parametrize(
    "made_to_harm",
    [
        b"<x:xmpmeta " * 400_000,
        b"\xff\xe1\xff\xffExif\0\0" * 400_000,
        b"".join(b"/Info %d 0 R " % number for number in range(300_000)) + b"7 0 obj <<" * 100_000,
        b"/Info 7 0 R " + b"7 0 obj << /A (" * 200_000,
        b"/Info 7 0 R 7 0 obj <<" + b"".join(b"/A %d 0 R " % number for number in range(300_000)),
        b"1" * 4_000_000,
        b"1 " * 2_000_000,
    ],
)
def test_a_pdf_made_to_harm_takes_a_moment_only(made_to_harm: bytes) -> None:
    begun = time.process_time()
    assert len(pdf_without_writer(made_to_harm)) == len(made_to_harm)
    assert time.process_time() - begun < 10  # looking at each part once for each other would take hours


def test_a_pdf_with_text_keeps_its_text(folder: Any) -> None:
    kept = stored(examine(upload(pdf("Brann (og vann)", "Side to"), "rutine.pdf")), folder)
    with pypdfium2.PdfDocument(kept) as opened:
        assert opened[0].get_textpage().get_text_bounded().strip() == "Brann (og vann)"


@pytest.mark.parametrize("orientation", [1, 6])
def test_photos_inside_a_document_forget_their_place_and_stand_the_right_way_up(orientation: int) -> None:
    sent = photo_from_home(orientation)
    kept = jpeg_without_place(sent)
    assert len(kept) == len(sent)
    with Image.open(io.BytesIO(kept)) as seen, Image.open(io.BytesIO(sent)) as before:
        assert dict(seen.getexif()) == ({ORIENTATION: 6} if orientation == 6 else {})
        assert not seen.getexif().get_ifd(GPS)
        assert seen.tobytes() == before.tobytes()


def test_a_word_file_with_a_photo(folder: Any) -> None:
    sent = docx(paragraph("Brann"), extra={"word/media/image1.jpeg": photo_from_home()})
    with zipfile.ZipFile(io.BytesIO(stored(examine(upload(sent, "rutine.docx")), folder))) as archive:
        kept = archive.read("word/media/image1.jpeg")
    assert b"Telefon" not in kept
    assert Image.open(io.BytesIO(kept)).size == (60, 40)


# Ogg


def page(pieces: list[bytes], number: int, *, goes_on: bool = False, serial: int = 7) -> bytes:
    """One page; ``goes_on``: its last packet does on the next."""
    lacing = b"".join(
        bytes([255] * (len(piece) // 255)) + (b"" if goes_on and piece is pieces[-1] else bytes([len(piece) % 255]))
        for piece in pieces
    )
    head = struct.pack("<4sBBqIII", b"OggS", 0, 0, 0, serial, number, 0) + bytes([len(lacing)]) + lacing
    whole = bytearray(head + b"".join(pieces))
    whole[22:26] = sound._ogg_checksum(bytes(whole)).to_bytes(4, "little")
    return bytes(whole)


def comments(*said: bytes) -> bytes:
    maker = b"Opptaker"
    body = b"".join(struct.pack("<I", len(each)) + each for each in said)
    return struct.pack("<I", len(maker)) + maker + struct.pack("<I", len(said)) + body


def checksums_hold(data: bytes) -> bool:
    for (start, end), _pieces in sound._ogg_pages(data):
        bare = bytearray(data[start:end])
        bare[22:26] = bytes(4)
        if sound._ogg_checksum(bytes(bare)).to_bytes(4, "little") != data[start + 22 : start + 26]:
            return False
    return True


def test_the_checksum_is_the_one_of_the_standard() -> None:
    """CRC-32/CKSUM of these digits, which differs from Ogg's in the last step only, is known to be 765E7680."""
    assert sound._ogg_checksum(b"123456789") == 0x765E7680 ^ 0xFFFFFFFF


@pytest.mark.parametrize(
    ("first", "prefix", "last"),
    [(b"OpusHead" + b"\1" * 11, b"OpusTags", b""), (b"\x01vorbis" + b"\1" * 23, b"\x03vorbis", b"\1")],
)
def test_a_recording_forgets_its_comments(folder: Any, first: bytes, prefix: bytes, last: bytes) -> None:
    tags = prefix + comments(b"ARTIST=Kari Nordmann", b"LOCATION=Storgata 5", b"bare ord") + last
    music = bytes(range(200))
    sent = page([first], 0) + page([tags], 1) + page([music], 2)
    examined = examine(upload(sent, "opptak.ogg"))
    kept = stored(examined, folder)
    assert examined.kind == kinds.OGG
    assert len(kept) == len(sent)
    assert b"Kari" not in kept
    assert b"Storgata" not in kept
    assert b"bare ord" not in kept
    assert b"ARTIST=      " in kept
    assert music in kept
    assert checksums_hold(kept)


def test_comments_that_go_on_over_pages_are_found() -> None:
    tags = b"OpusTags" + comments(b"A=" + b"Kari " * 200, b"B=Storgata")
    first, rest = tags[:510], tags[510:]
    sent = page([b"OpusHead" + b"\1" * 11], 0) + page([first], 1, goes_on=True) + page([rest], 2)
    kept = sound.without_notes(sent, sound.OGG)
    assert b"Kari" not in kept
    assert b"Storgata" not in kept
    assert checksums_hold(kept)


@pytest.mark.parametrize("cut", [20, 60, 100])
def test_a_broken_recording_is_left_as_it_is(cut: int) -> None:
    sent = (page([b"Speex   " + b"\1" * 60], 0) + page([b"hei"], 1))[:cut]
    assert sound.without_notes(sent, sound.OGG) == sent


def packed(inside: bytes) -> bytes:
    """A PDF that keeps its objects packed, as newer programs do."""
    stream = zlib.compress(b"5 0 " + inside)
    begins = b"%%PDF-1.7\n4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n"
    return begins % len(stream) + stream + b"\nendstream\nendobj\ntrailer << /Info 5 0 R >>\n%%EOF\n"


@pytest.mark.parametrize(
    ("data", "may"),
    [
        (pdf("Brann"), False),
        (pdf_without_writer(pdf_by(author=NAME)), False),
        (pdf_by(author=NAME), True),
        (packed(b"<< /Author (Kari) /Title (x) >>"), True),
        (packed(b"<< /Author<4B617269> >>"), True),
        (packed(b"<< /Author () /Producer (LibreOffice) >>"), False),
        (packed(b"<< /Type /Annot /Subtype /Highlight /T (Kari) >>"), True),
        (packed(b"<< /Type /Annot /Subtype /Link /Rect [0 0 1 1] >>"), False),
        (packed(b"<< /Author () >>").replace(b"stream\n", b"stream\nx", 1), True),
        (b"%PDF-1.4\n7 0 obj << /Type /Annot /Subtype /Text /T (Kari) >> endobj\n%%EOF", True),
        (b"%PDF-1.4\n7 0 obj << /Type /Metadata /Filter /FlateDecode >> stream\nxx\nendstream endobj\n%%EOF", True),
        (b"%PDF-1.4\n7 0 obj << /Type /Metadata /Subtype /XML >> stream\n   \nendstream endobj\n%%EOF", False),
        (b"%PDF-1.4\ntrailer << /Info << /Author (Kari) >> >>\n%%EOF", True),
        (b"%PDF-1.4\ntrailer << /Encrypt 3 0 R >>\n%%EOF", True),
        (b"%PDF-1.4\n<< /Type /Sig /ByteRange [0 1 2 3] >>\n%%EOF", True),
    ],
)
def test_which_pdfs_may_still_tell(data: bytes, may: bool) -> None:
    assert may_tell_writer(data) is may


def test_a_pdf_that_unpacks_to_far_too_much_is_not_unpacked() -> None:
    made = packed(b"<< /Author () >>" + b" " * 60_000_000)
    assert len(made) < 100_000
    assert may_tell_writer(made)


def test_whoever_hides_their_name_is_told_which_pdf_may_tell_it(world: World, login: Any, folder: Any) -> None:
    def send(name: str, data: bytes, **how: str) -> Any:
        what = {"key": str(uuid.uuid4()), "text": "Noe gikk galt.", "kind": "deviation", "happened": "now"}
        where = {"unit": str(world.home_care.pk), "files": [upload(data, name)]}
        return login(world.nora).post("/meld/", {**what, **where, **how})

    refused = send("notat.pdf", packed(b"<< /Author (Kari) >>"), naming="sealed")
    assert refused.status_code == 200
    assert list(refused.context["form"].errors) == ["files"]
    assert "notat.pdf" in str(refused.context["form"].errors)
    assert not Deviation.objects.exists()
    assert send("notat.pdf", pdf("Brann"), naming="sealed").status_code == 302
    assert send("notat.pdf", packed(b"<< /Author (Kari) >>")).status_code == 302, "with a name it may"

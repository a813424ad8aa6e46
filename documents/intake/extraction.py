"""Reads Word files and PDFs in a process of their own, which may take neither long nor much, and may fall over.

    python -m documents.intake.extraction word < file > answer.json

What people upload was written by anybody. A file made to occupy whoever reads it, or to break the reader, stops here
and not in the process that answers everybody else. That process calls ``read``; the rest runs in the other one, which
has neither settings, secrets nor a database.
"""

from __future__ import annotations

import base64
import io
import json
import re
import resource
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

SECONDS = 20  # a server gives a request thirty
MEMORY = 1_500_000_000  # bytes of addresses, most of them never used
MAX_PARTS = 5_000  # of a Word file
MAX_UNPACKED = 100_000_000  # bytes
MAX_XML = 8_000_000  # bytes of one part of a Word file when unpacked; some hundred pages
MAX_ANSWER = 40_000_000  # characters
MAX_TEXT = 2_000_000  # characters read out of a PDF
PICTURE_SIDE = 1200  # pixels of a picture in a text

_ROOT = Path(__file__).resolve().parent.parent.parent
_PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='heading 1'] => h2:fresh
p[style-name='heading 2'] => h3:fresh
p[style-name='heading 3'] => h4:fresh
p[style-name='heading 4'] => h4:fresh
p[style-name='heading 5'] => h4:fresh
p[style-name='heading 6'] => h4:fresh
p[style-name='toc 1'] => !
p[style-name='toc 2'] => !
p[style-name='toc 3'] => !
p[style-name='toc 4'] => !
p[style-name='toc heading'] => !
u => u
"""
_CHANGES = re.compile(rb"<w:(?:ins|del)[ >]")
# What reading a broken file raises, in zipfile, expat and mammoth.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, ExpatError, NotImplementedError, RuntimeError, EOFError),
    *(ValueError, OSError, LookupError, AttributeError, TypeError, AssertionError),
)


class Unreadable(Exception):
    """The file can't be used; ``code`` says why: unreadable, slow, password, pages or too_long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(kind: str, data: bytes, *, max_pages: int = 0, seconds: int = SECONDS) -> dict[str, Any]:
    """What the file says. Raises ``Unreadable``.

    ``word``: ``html`` as mammoth writes it (not clean), ``left_out`` pictures, whether there were tracked ``changes``.
    ``pdf``: its ``text``; ``max_pages`` is how many it may have.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own module, nothing from outside in the command
            [sys.executable, "-m", "documents.intake.extraction", kind, str(max_pages), str(seconds)],
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
            cwd=_ROOT,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("slow") from None
    if done.returncode:
        raise Unreadable("slow" if -done.returncode in _STOPPED else "unreadable")
    answer: dict[str, Any] = json.loads(done.stdout)
    if code := answer.get("refused"):
        raise Unreadable(code)
    return answer


_STOPPED = (9, 24)  # SIGKILL and SIGXCPU: it used up its time


def _word(data: bytes) -> dict[str, Any]:
    import mammoth

    found = _Pictures()
    try:
        changes = _look_inside(data)
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_STYLES,
            include_embedded_style_map=False,
            external_file_access=False,
            convert_image=mammoth.images.img_element(found.element),
        )
    except _BROKEN:
        return {"refused": "unreadable"}
    if len(result.value) > MAX_ANSWER:
        return {"refused": "too_long"}
    return {"html": _written(result.value), "left_out": found.left_out, "changes": changes}


def _look_inside(data: bytes) -> bool:
    """Whether it has tracked changes. Refuses what was made to harm whoever unpacks or reads it (``ValueError``)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise ValueError("unpacks to more than a document holds")
        changes = False
        for part in parts:
            if not part.filename.endswith((".xml", ".rels")):
                continue
            if part.file_size > MAX_XML:
                raise ValueError("a part is larger than a text is")
            content = archive.read(part)
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content or "<!DOCTYPE".encode("utf-16-le") in content:
                raise ValueError("Word writes no document types")
            changes = changes or (part.filename == "word/document.xml" and bool(_CHANGES.search(content)))
        return changes


class _Pictures:
    """The pictures of a text, drawn anew and no larger than a page shows them."""

    def __init__(self) -> None:
        self.left_out = 0

    def element(self, image: Any) -> dict[str, str]:
        from PIL import Image

        from kvalitetslosen.files import pictures

        try:
            with image.open() as source:
                picture = pictures.redraw(source.read())
        except (pictures.Unreadable, pictures.TooManyPixels, *_BROKEN):
            self.left_out += 1
            return {}  # a picture without source is cleaned away
        data = picture.data
        if max(picture.width, picture.height) > PICTURE_SIDE:
            with Image.open(io.BytesIO(data)) as large:
                large.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
                smaller = io.BytesIO()
                large.save(smaller, large.format or "PNG")
                data = smaller.getvalue()
        return {"src": f"data:{picture.kind.content_type};base64,{base64.b64encode(data).decode()}"}


def _pdf(data: bytes, max_pages: int) -> dict[str, Any]:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as pdf:
            if len(pdf) > max_pages:
                return {"refused": "pages"}
            texts, length = [], 0
            for page in pdf:
                words = page.get_textpage()
                texts.append(words.get_text_bounded())
                words.close()
                page.close()
                length += len(texts[-1])
                if length > MAX_TEXT:
                    break
    except pypdfium2.PdfiumError as error:
        return {"refused": "password" if error.err_code == _PASSWORD_NEEDED else "unreadable"}
    return {"text": _written("\n".join(texts)[:MAX_TEXT])}


def _written(text: str) -> str:
    """Without halves of letters, which no database takes."""
    return text.encode("utf-8", "ignore").decode()


def main(kind: str, max_pages: int, seconds: int) -> None:
    """The other process: its own limits first, then the file."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    answer = _word(data) if kind == "word" else _pdf(data, max_pages)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

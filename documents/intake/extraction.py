"""Reads Word files and PDFs in a process of their own, which may take neither long nor much, and may fall over.

What people upload was written by anybody. A file made to occupy whoever reads it, or to break the reader, stops here
and not in the process that answers everybody else. That process calls ``read``; the rest runs in the other one, which
has neither settings, secrets nor a database.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import re
import resource
import selectors
import signal
import subprocess
import sys
import time
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
_STYLES = "\n".join([
    "p.LosTitle => h1:fresh",
    *(f"p.LosHeading{level} => h{level + 1}:fresh" for level in (1, 2, 3)),
    *(f"p[style-name='{name} {level}'] => !" for name in ("toc", "contents") for level in range(1, 10)),
    *(f"p[style-name='{name} heading'] => !" for name in ("toc", "contents")),
    # Mammoth's own list ends at the fifth level.
    *(
        f"p:{word}-list({level}) => {'ul|ol > li > ' * (level - 1)}{tag} > li:fresh"
        for level in (6, 7, 8, 9)
        for word, tag in (("unordered", "ul"), ("ordered", "ol"))
    ),
    "u => u",
])  # fmt: skip
# What a PDF may hold besides pages: scripts, programs to start, other files. Names may be written with #6A for j.
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")
_SPELLED = re.compile(rb"#([0-9A-Fa-f]{2})")
# What reading a broken file raises, in zipfile, expat and mammoth.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, ExpatError, NotImplementedError, RuntimeError, EOFError),
    *(ValueError, OSError, LookupError, AttributeError, TypeError, AssertionError),
)


class Unreadable(Exception):
    """The file can't be used; ``code`` says why: unreadable, slow, password, pages, active or too_long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(kind: str, data: bytes, *, max_pages: int = 0, seconds: int = SECONDS) -> dict[str, Any]:
    """What the file says. Raises ``Unreadable``.

    ``word``: ``html`` as mammoth writes it (not clean), ``counts`` of what couldn't be kept, and what may be guessed
    from: ``properties``, ``tables``, ``lines``. ``pdf``: its ``text`` and ``properties``; ``max_pages`` is how many
    it may have.
    """
    with Reader() as reader:
        return reader.read(kind, data, max_pages=max_pages, seconds=seconds)


class Reader:
    """The other process, for as long as there are files to read: it starts once, and divides itself for each file.

    ``with Reader() as reader``. One thread at a time.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # itself, and the part of it that reads a file
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def read(self, kind: str, data: bytes, *, max_pages: int = 0, seconds: int = SECONDS) -> dict[str, Any]:
        """As the function of that name."""
        process = self._process = self._process or self._started()
        assert process.stdin is not None
        asked = json.dumps({"kind": kind, "pages": max_pages, "seconds": seconds, "length": len(data)})
        try:
            process.stdin.write(f"{asked}\n".encode() + data)
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._line(process, time.monotonic() + seconds + _TO_START))
        except (OSError, ValueError, EOFError):
            self.close()
            raise Unreadable("unreadable") from None
        if code := answer.get("refused"):
            raise Unreadable(code)
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "documents.intake.extraction"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            start_new_session=True,
        )

    def _line(self, process: subprocess.Popen[bytes], until: float) -> bytes:
        """The answer, which ends with the line. Raises ``Unreadable`` when it takes too long."""
        assert process.stdout is not None
        pieces: list[bytes] = []
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            while not pieces or not pieces[-1].endswith(b"\n"):
                if not waiting.select(max(0.0, until - time.monotonic())):
                    self.close()
                    raise Unreadable("slow")
                piece = os.read(process.stdout.fileno(), 1 << 20)
                if not piece:
                    raise EOFError
                pieces.append(piece)
        return b"".join(pieces)


_TO_START = 10  # seconds more, for a process on a busy machine
_STOPPED = (signal.SIGKILL, signal.SIGXCPU)  # it used up its time


def _word(data: bytes) -> dict[str, Any]:
    import mammoth

    from documents.intake import word

    found = _Pictures()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _look_inside(archive)
            prepared = word.prepare(archive)
        result = mammoth.convert_to_html(
            io.BytesIO(prepared.data),
            style_map=_STYLES,
            include_embedded_style_map=False,
            external_file_access=False,
            convert_image=mammoth.images.img_element(found.element),
        )
    except _BROKEN:
        return {"refused": "unreadable"}
    if len(result.value) > MAX_ANSWER:
        return {"refused": "too_long"}
    counts = dict(prepared.counts)
    if found.left_out:
        counts["pictures"] = counts.get("pictures", 0) + found.left_out
    return {
        "html": _written(result.value),
        "counts": counts,
        "properties": {_written(name): _written(value) for name, value in prepared.properties.items()},
        "tables": [[[_written(cell) for cell in row] for row in table] for table in prepared.tables],
        "lines": [_written(line) for line in prepared.lines],
    }


def _look_inside(archive: zipfile.ZipFile) -> None:
    """Refuses what was made to harm whoever unpacks or reads it (``ValueError``)."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise ValueError("unpacks to more than a document holds")
    for part in parts:
        if not part.filename.endswith((".xml", ".rels")):
            continue
        if part.file_size > MAX_XML:
            raise ValueError("a part is larger than a text is")
        content = archive.read(part)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or "<!DOCTYPE".encode("utf-16-le") in content:
            raise ValueError("Word writes no document types")
        if "<!DOCTYPE".encode("utf-16-be") in content:
            raise ValueError("Word writes no document types")


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
            return {}  # a picture without source: conversion says that there was one
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
            if _is_active(data, pdf):
                return {"refused": "active"}
            about = {name: str(value)[:200] for name, value in pdf.get_metadata_dict().items() if value}
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
    text = _written("\n".join(texts)[:MAX_TEXT])
    properties = {"title": about.get("Title", ""), "creator": about.get("Author", "")}
    return {"text": text, "properties": {name: _written(value) for name, value in properties.items() if value}}


def _is_active(data: bytes, pdf: Any) -> bool:
    """Whether a PDF does something when it is opened, or carries other files."""
    import pypdfium2.raw as pdfium

    from kvalitetslosen.files.notes import unpacked

    if pdfium.FPDFDoc_GetJavaScriptActionCount(pdf) > 0 or pdfium.FPDFDoc_GetAttachmentCount(pdf) > 0:
        return True
    texts = [data, *(unpacked(data) or ())]
    return any(_ACTIVE.search(_SPELLED.sub(lambda found: bytes([int(found[1], 16)]), text)) for text in texts)


def _written(text: str) -> str:
    """Without halves of letters, which no database takes."""
    return text.encode("utf-8", "ignore").decode()


def _divided(asked: dict[str, Any], data: bytes) -> bytes:
    """Read one file in a process that may take neither long nor much; its answer, whatever becomes of it."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        with os.fdopen(theirs, "wb") as pipe:
            pipe.write(_limited(asked, data))
        os._exit(0)
    os.close(theirs)
    pieces: list[bytes] = []
    until = time.monotonic() + asked["seconds"]
    with selectors.DefaultSelector() as waiting:
        waiting.register(ours, selectors.EVENT_READ)
        while True:
            if not waiting.select(max(0.0, until - time.monotonic())):
                os.kill(child, signal.SIGKILL)
                break
            piece = os.read(ours, 1 << 20)
            if not piece:
                break
            pieces.append(piece)
    os.close(ours)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return _refused("slow" if os.WTERMSIG(status) in _STOPPED else "unreadable")
    return b"".join(pieces) if os.WEXITSTATUS(status) == 0 and pieces else _refused("unreadable")


def _refused(code: str) -> bytes:
    return json.dumps({"refused": code}).encode() + b"\n"


def _limited(asked: dict[str, Any], data: bytes) -> bytes:
    seconds = asked["seconds"]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = _word(data) if asked["kind"] == "word" else _pdf(data, asked["pages"])
        return json.dumps(answer).encode() + b"\n"
    except MemoryError:
        return _refused("unreadable")


def main() -> None:
    """The other process: a line that says what comes, the file, and a line for answer; until nobody asks any more."""
    import mammoth  # noqa: F401 - before it divides itself: once for all files
    import pypdfium2  # noqa: F401

    from documents.intake import word  # noqa: F401
    from kvalitetslosen.files import notes, pictures  # noqa: F401

    while line := sys.stdin.buffer.readline():
        asked = json.loads(line)
        data = sys.stdin.buffer.read(asked["length"])
        if len(data) < asked["length"]:
            return
        sys.stdout.buffer.write(_divided(asked, data))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()

"""Prints HTML to PDF in a process of its own, which may take neither long nor much, and may fall over.

    with Press() as press:
        pdf = press.print(html, css)

What is printed was written by anybody: a table made for it can occupy WeasyPrint for minutes, and then it is that
process which is stopped, not the one that answers everybody else. It has neither settings, secrets nor a database, and
fetches nothing: pictures and fonts come with the text. One process prints many, since starting it costs a second.

The PDF is PDF/A-3a (which holds all that 3u asks, and the tags) and says that it is PDF/UA-1.
"""

from __future__ import annotations

import io
import json
import resource
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

SECONDS = 20  # a server gives a request thirty
MEMORY = 2_000_000_000  # bytes of addresses, most of them never used
PRINTED_BY_ONE = 200  # a new process now and then, so that no leak grows for hours
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core")  # Debian's names

_ROOT = Path(__file__).resolve().parent.parent.parent
_LENGTH = struct.Struct(">I")
_PRINTED, _MISSING, _FAILED = b"P", b"M", b"F"


class Unprintable(Exception):
    """No PDF came of it; ``code`` says why: missing (libraries), slow, or broken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Press:
    """A printing process, started when there is something to print and stopped at the end of the ``with``."""

    def __init__(self, seconds: int = SECONDS) -> None:
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._printed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def print(self, html: str, css: str, *, base: str = "", followed_by: bytes = b"") -> bytes:
        """The PDF of a page, and after it the pages of another PDF if one is given. Raises ``Unprintable``.

        ``base`` is what addresses in it begin with. With another's pages in it, it is neither PDF/A nor tagged: nobody
        can promise that of what people upload.
        """
        if self._process is not None and self._printed >= PRINTED_BY_ONE:
            self._stop()
        process = self._process = self._process or self._start()
        self._printed += 1
        said = json.dumps({"html": html, "css": css, "base": base, "seconds": self.seconds}).encode()
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            process.kill()

        timer = threading.Timer(self.seconds, stop)
        timer.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            _write(process.stdin, said)
            _write(process.stdin, followed_by)
            verdict = process.stdout.read(1)
            printed = _read(process.stdout)
        except (OSError, EOFError):
            self._stop()
            raise Unprintable("slow" if stopped.is_set() else "broken") from None
        finally:
            timer.cancel()
        if verdict != _PRINTED:
            raise Unprintable("missing" if verdict == _MISSING else "broken")
        return printed

    def _start(self) -> subprocess.Popen[bytes]:
        self._printed = 0
        return subprocess.Popen(
            [sys.executable, "-m", "kvalitetslosen.paper.press"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": tempfile.gettempdir()},
        )

    def _stop(self) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue


def _write(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(_LENGTH.pack(len(content)) + content)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes:
    """The next message. Raises ``EOFError``."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content


# The other process -------------------------------------------------------------------------------------------------


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    fonts: dict[str, Any] = {}
    while True:
        try:
            said, followed_by = json.loads(_read(asked)), _read(asked)
        except EOFError:
            return
        _allow(said["seconds"])
        try:
            verdict, pdf = _PRINTED, _printed(said["html"], said["css"], said["base"] or None, fonts)
            if followed_by:
                pdf = _bound(pdf, followed_by)
        except OSError:  # «cannot load library 'libpango-1.0-0'»
            verdict, pdf = (_FAILED if fonts else _MISSING), b""
        except Exception:  # noqa: BLE001 - whatever a text made WeasyPrint stumble over, the next one may be whole
            verdict, pdf = _FAILED, b""
        answers.write(verdict)
        _write(answers, pdf)


def _allow(seconds: int) -> None:
    """So much more of the processor's time, also when whoever asked is gone and stops nobody any more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _printed(html: str, css: str, base: str | None, fonts: dict[str, Any]) -> bytes:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    nothing_else = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    if css not in fonts:  # the fonts are in it, and are made ready once
        fonts.clear()
        configuration = FontConfiguration()
        fonts[css] = CSS(string=css, font_config=configuration, url_fetcher=nothing_else), configuration
    style, configuration = fonts[css]
    document = HTML(string=html, base_url=base, url_fetcher=nothing_else).render(
        stylesheets=[style], font_config=configuration, pdf_variant="pdf/a-3a", pdf_tags=True
    )
    document.metadata.generate_rdf_metadata = _also_ua(document.metadata.generate_rdf_metadata)
    printed: bytes = document.write_pdf(pdf_variant="pdf/a-3a", pdf_tags=True)
    return printed


# PDF/A lets nothing stand in the metadata that isn't described there, and doesn't know PDF/UA's mark by itself.
_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def _also_ua(describe: Any) -> Any:
    def described(*about: Any) -> bytes:
        written: bytes = describe(*about)
        return written.replace(b"</rdf:RDF>", _UA + b"</rdf:RDF>")

    return described


def _bound(first: bytes, second: bytes) -> bytes:
    import pypdfium2

    bound = pypdfium2.PdfDocument.new()
    for part in (first, second):
        with pypdfium2.PdfDocument(part) as pages:
            bound.import_pages(pages)
    written = io.BytesIO()
    bound.save(written)
    return written.getvalue()


if __name__ == "__main__":
    main()

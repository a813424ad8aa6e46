"""Draws the first page of a PDF: bytes in, a JPEG out. Run as a process of its own, for a hostile file to kill.

It imports nothing of the product and gets none of its environment: no key, no database, and little memory and time.
"""

from __future__ import annotations

import resource
import sys

SIDE = 640  # pixels, the longer one: twice what a list shows, for good screens
SECONDS, MEMORY, LARGEST = 10, 1 << 30, 4096


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> int:
    limit()
    import pypdfium2

    with pypdfium2.PdfDocument(sys.stdin.buffer.read()) as document:
        page = document[0]
        longest = max(page.get_size())
        if not 0 < longest < float("inf"):
            return 1
        picture = page.render(scale=min(SIDE / longest, LARGEST), may_draw_forms=False).to_pil().convert("RGB")
        picture.thumbnail((SIDE, SIDE))
        picture.save(sys.stdout.buffer, "JPEG", quality=85)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The fishbone: the causes of an analysis drawn by where they lie; the list beside it says the same in full."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from deviations.models import CauseKind

COLUMN, HEAD = 280, 170  # pixels of the picture: one bone with its causes, and the fish's head
LETTERS, LINES = 30, 2  # of a cause in the picture; the list has the whole of it
ROW, TITLE = 44, 34  # the height of a cause, and of the bone's name


def wrapped(text: str, letters: int = LETTERS, lines: int = LINES) -> list[str]:
    """The text in so many short lines, with dots where it goes on."""
    return textwrap.wrap(" ".join(text.split()), letters, max_lines=lines, placeholder=" …", break_long_words=True)


def drawn(causes: Mapping[str, Sequence[str]], about: str) -> SafeString:
    """The picture: three bones over the spine and three under it, the causes on each, and what it is ``about``.

    ``causes`` are texts by ``CauseKind``. Nothing but our own marks and escaped words is in it.
    """
    kinds = list(CauseKind)
    above, below = kinds[:3], kinds[3:]
    heights = [TITLE + ROW * max(1, *(len(causes.get(kind, ())) for kind in row)) for row in (above, below)]
    middle, whole, width = heights[0] + 10, sum(heights) + 20, COLUMN * 3 + HEAD
    spine = COLUMN * 3 + 10
    parts = [f'<path d="M10 {middle} H{spine}" class="los-fish__spine"/>']
    for over, row in ((True, above), (False, below)):
        for number, kind in enumerate(row):
            parts += _bone(kind, causes.get(kind, ()), 10 + COLUMN * number, middle, whole, over=over)
    parts.append(
        f'<rect x="{spine}" y="{middle - 42}" width="{HEAD - 20}" height="84" rx="8" class="los-fish__head"/>'
    )
    lines = wrapped(about, 19, 3)
    for n, line in enumerate(lines):
        y = middle + 6 + 19 * (n - (len(lines) - 1) / 2)
        parts.append(f'<text x="{spine + (HEAD - 20) / 2:g}" y="{y:g}" text-anchor="middle">{escape(line)}</text>')
    title = escape(_("Fishbone of the causes. The list beside it says the same."))
    return mark_safe(  # noqa: S308 - every word is escaped above
        f'<svg class="los-fish" viewBox="0 0 {width} {whole}" role="img" aria-label="{title}">{"".join(parts)}</svg>'
    )


def _bone(kind: CauseKind, causes: Sequence[str], x: int, middle: int, whole: int, *, over: bool) -> list[str]:
    """One bone from the edge to the spine, its name at the edge and its causes along it."""
    edge, name_y = (24, 18) if over else (whole - 24, whole - 8)
    start, end = x + COLUMN - 50, x + COLUMN - 20
    parts = [
        f'<path d="M{start} {edge} L{end} {middle}" class="los-fish__bone"/>',
        f'<text x="{start}" y="{name_y}" text-anchor="end" class="los-fish__name">{escape(str(kind.label))}</text>',
    ]
    for n, cause in enumerate(causes):
        y = (TITLE if over else middle + 10) + ROW * n
        for line_number, line in enumerate(wrapped(cause)):
            parts.append(f'<text x="{x}" y="{y + 14 + 16 * line_number}">{escape(line)}</text>')
        parts.append(f'<path d="M{x} {y + 36} H{start}" class="los-fish__cause"/>')
    return parts

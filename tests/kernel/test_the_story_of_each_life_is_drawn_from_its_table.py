"""docs/life-cycles.md is drawn from the same tables as the buttons on the pages."""

from __future__ import annotations

import os
from pathlib import Path

from deviations.lifecycle import DUTY, REFLECTION, SHEET, TASK
from deviations.lifecycle import LIFECYCLE as DEVIATION
from deviations.whistle.lifecycle import LIFECYCLE as WHISTLE
from documents.lifecycle import ADOPTION
from documents.lifecycle import COMMENT_LIFECYCLE as COMMENT
from documents.lifecycle import LIFECYCLE as VERSION
from improvement.audit_lifecycle import AUDIT
from improvement.lifecycle import EFFECT, MEASURE
from improvement.lifecycle import LIFECYCLE as ACTION
from improvement.meeting_lifecycle import MEETING
from improvement.risk_lifecycle import RISK
from improvement.seven_steps import IMPROVEMENT
from improvement.story_lifecycle import STORY
from improvement.year_lifecycle import YEAR_TASK
from kvalitetslosen.networks.lifecycle import LIFECYCLE as NETWORK_MEMBER
from kvalitetslosen.reports.lifecycle import REPORT

PAGE = Path(__file__).resolve().parents[2] / "docs" / "life-cycles.md"

LIVES = (
    ("A deviation", DEVIATION),
    ("What a colleague is asked in a case", TASK),
    ("What a team is to talk about", REFLECTION),
    ("A tally sheet", SHEET),
    ("A duty to tell", DUTY),
    ("A whistle-blowing case", WHISTLE),
    ("A version of a document", VERSION),
    ("What a reader says of a document", COMMENT),
    ("A document adopted from another municipality", ADOPTION),
    ("An action", ACTION),
    ("A measure", MEASURE),
    ("A look at the effect", EFFECT),
    ("An improvement", IMPROVEMENT),
    ("A risk analysis", RISK),
    ("An internal audit", AUDIT),
    ("A task of the year wheel", YEAR_TASK),
    ("A learning story", STORY),
    ("A meeting", MEETING),
    ("A municipality in a network", NETWORK_MEMBER),
    ("A ready report", REPORT),
)


def drawn() -> str:
    parts = ["# Life cycles\n\nDrawn from the tables in each module's `lifecycle.py`; a test keeps the two alike.\n"]
    for title, lifecycle in LIVES:
        parts.append(f"\n## {title}\n\n```mermaid\n{lifecycle.mermaid()}```\n")
    return "".join(parts)


def test_the_drawing_is_the_tables() -> None:
    """After changing a table: WRITE_LIFE_CYCLES=1 pytest on this file draws it anew."""
    if os.environ.get("WRITE_LIFE_CYCLES"):
        PAGE.write_text(drawn(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == drawn()

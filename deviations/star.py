"""Cases, ticks and their categories as tables for other programs. Cases about a leader are in none of them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from deviations.lifecycle import WITH_OUTCOME, State
from deviations.models import Category, Deviation, Source, Tick
from kvalitetslosen.open_figures.registry import Column, Holds, LocalDay, StarTable, Workdays, register_table
from kvalitetslosen.open_figures.sql import one_of
from kvalitetslosen.organisation.models import User

OURS = f"c.source <> '{Source.ELSEWHERE.value}'"
TOLD = f"{OURS} AND {one_of('c.state', WITH_OUTCOME)}"


def cases(user: User) -> QuerySet[Any]:
    return Deviation.objects.visible_to(user)


def ticks(user: User) -> QuerySet[Any]:
    return Tick.objects.visible_to(user)


def categories(user: User) -> QuerySet[Any]:
    return Category.objects.visible_to(user)


register_table(
    StarTable(
        key="fact_deviation",
        view="star_deviation",
        definition=(
            "Cases, one a row, in the unit that handles each now. Cases about a leader are left out, and what was "
            "merged with a case from another system is there once."
        ),
        source="deviations_deviation AS c",
        municipality="c.level_0",
        where=f"c.about_id IS NULL AND ({OURS} OR c.state <> '{State.MERGED.value}')",
        seen=cases,
        columns=(
            Column("deviation_key", Holds.NUMBER, "c.id", "The case. Not its reference."),
            Column("municipality_key", Holds.NUMBER, "c.level_0", "The municipality."),
            Column("unit_key", Holds.NUMBER, "c.handling_unit_id", "The unit that handles it now."),
            Column("category_key", Holds.NUMBER, "c.category_id", "The category it has now."),
            Column("document_key", Holds.NUMBER, "c.breached_document_id", "The procedure that wasn’t followed."),
            Column("kind", Holds.TEXT, "c.kind", "Deviation, near miss, risk, proposal or good practice."),
            Column("topic", Holds.TEXT, "c.topic", "Working environment, privacy, or empty."),
            Column("source", Holds.TEXT, "c.source", "Empty for those told by employees here."),
            Column("state", Holds.TEXT, "c.state", "Where it stands now."),
            Column("severity", Holds.TEXT, "c.severity", "As the risk matrix has it now; empty before that."),
            Column("harm", Holds.TEXT, "c.harm", "The harm as it was reported."),
            Column("reported_on", Holds.DAY, LocalDay("c.reported_at"), "The day of the report."),
            Column("received_on", Holds.DAY, LocalDay("c.received_at"), "The day it was received."),
            Column("answered_on", Holds.DAY, LocalDay("c.first_answer_at"), "The day of the first answer."),
            Column("closed_on", Holds.DAY, LocalDay("c.closed_at"), "The day it was closed."),
            Column("receive_by", Holds.DAY, LocalDay("c.receive_by"), "The day it was to be received by."),
            Column("answer_by", Holds.DAY, LocalDay("c.answer_by"), "The day the first answer was promised by."),
            Column("close_by", Holds.DAY, LocalDay("c.deadline"), "The day it is to be closed by."),
            Column(
                "workdays_to_receipt",
                Holds.NUMBER,
                Workdays("c.reported_at", "c.received_at", OURS),
                "Working days to receipt. Empty for cases from other systems.",
            ),
            Column(
                "workdays_to_answer",
                Holds.NUMBER,
                Workdays("c.reported_at", "c.first_answer_at", OURS),
                "Working days to the first answer.",
            ),
            Column(
                "workdays_to_outcome",
                Holds.NUMBER,
                Workdays("c.reported_at", "c.closed_at", TOLD),
                "Working days to the outcome; empty for what was merged into another case.",
            ),
            Column(
                "workdays_to_closing",
                Holds.NUMBER,
                Workdays("c.reported_at", "c.closed_at", OURS),
                "Working days to closing.",
            ),
            Column(
                "helped",
                Holds.YES_NO,
                f"CASE WHEN {TOLD} THEN c.helped END",
                "Whether the reporter says that the answer helped.",
            ),
        ),
    )
)

register_table(
    StarTable(
        key="fact_tick",
        view="star_tick",
        definition="Ticks on tally sheets that stand, one a row. What was taken back or became a case is left out.",
        source="deviations_tick AS t JOIN deviations_tallysheet AS s ON s.id = t.sheet_id",
        municipality="s.level_0",
        where="t.undone_at IS NULL AND t.became_id IS NULL",
        seen=ticks,
        columns=(
            Column("tick_key", Holds.NUMBER, "t.id", "The tick."),
            Column("municipality_key", Holds.NUMBER, "s.level_0", "The municipality."),
            Column("unit_key", Holds.NUMBER, "s.unit_id", "The unit whose sheet it stands on."),
            Column("category_key", Holds.NUMBER, "t.category_id", "The category that was ticked."),
            Column("happened_on", Holds.DAY, "t.date", "The day it happened."),
            Column("shift", Holds.TEXT, "t.shift", "Day, evening or night."),
            Column("harm", Holds.TEXT, "t.harm", "None or mild."),
            Column("place", Holds.TEXT, "t.place", "Where in the house, roughly; empty where it wasn’t said."),
        ),
    )
)

register_table(
    StarTable(
        key="dim_category",
        view="star_category",
        definition="The categories, each with its main category.",
        source="deviations_category AS k LEFT JOIN deviations_category AS main ON main.id = k.parent_id",
        municipality="k.municipality_id",
        seen=categories,
        columns=(
            Column("category_key", Holds.NUMBER, "k.id", "The category."),
            Column("municipality_key", Holds.NUMBER, "k.municipality_id", "The municipality."),
            Column("main_category_key", Holds.NUMBER, "COALESCE(k.parent_id, k.id)", "Its main category, or itself."),
            Column("name", Holds.TEXT, "k.name", "Its name in bokmål."),
            Column("name_nn", Holds.TEXT, "k.name_nn", "Its name in nynorsk, where it has one."),
            Column("name_en", Holds.TEXT, "k.name_en", "Its name in English, where it has one."),
            Column("main_name", Holds.TEXT, "COALESCE(main.name, k.name)", "The main category’s name in bokmål."),
            Column("topic", Holds.TEXT, "k.topic", "Working environment, privacy, or empty."),
            Column("code", Holds.TEXT, "k.code", "Its national code, where it has one."),
            Column("is_active", Holds.YES_NO, "k.is_active", "Whether it may be chosen."),
        ),
    )
)

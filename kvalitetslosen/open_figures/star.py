"""What the keys of all facts stand for: units with those above them, and days."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from kvalitetslosen.open_figures.registry import Column, Holds, StarTable, register_table
from kvalitetslosen.organisation.models import LEVELS, Unit, User
from kvalitetslosen.organisation.standing import FIGURES

ABOVE = range(1, len(LEVELS))


def units_of(user: User) -> QuerySet[Any]:
    """The units of the municipality; for whoever reads the figures of one unit, that one and those below."""
    rows = Unit.objects.visible_to(user)
    bound = user.standing.units(FIGURES)
    return rows.in_any_subtree(bound) if bound else rows


register_table(
    StarTable(
        key="dim_unit",
        view="star_unit",
        definition="The units as they are today, with those above each as columns.",
        source="organisation_unit AS u "
        + " ".join(f"LEFT JOIN organisation_unit AS up_{n} ON up_{n}.id = u.level_{n}" for n in ABOVE),
        municipality="u.level_0",
        seen=units_of,
        columns=(
            Column("unit_key", Holds.NUMBER, "u.id", "The unit."),
            Column("municipality_key", Holds.NUMBER, "u.level_0", "The municipality."),
            Column("parent_key", Holds.NUMBER, "u.parent_id", "The unit right above."),
            Column("name", Holds.TEXT, "u.name", "Its name."),
            Column("code", Holds.TEXT, "u.code", "Its code."),
            Column("kind", Holds.TEXT, "u.kind", "Municipality, sector, unit, department or team."),
            Column("depth", Holds.NUMBER, "u.depth", "How many units lie above it."),
            Column("closed_on", Holds.DAY, "u.closed_on", "The day it was closed."),
            Column("municipality_name", Holds.TEXT, "here.name", "The name of the municipality."),
            *(
                column
                for n in ABOVE
                for column in (
                    Column(
                        f"level_{n}_key", Holds.NUMBER, f"up_{n}.id", "The unit at this depth: above it, or itself."
                    ),
                    Column(f"level_{n}_name", Holds.TEXT, f"up_{n}.name", "Its name."),
                )
            ),
        ),
    )
)

register_table(
    StarTable(
        key="dim_date",
        view="star_date",
        definition="Days from 1990 to 2050, with ISO weeks and Norwegian working days.",
        source="open_figures_day AS d",
        columns=(
            Column("date_key", Holds.DAY, "d.day", "The day."),
            Column("year", Holds.NUMBER, "d.year", "The year."),
            Column("quarter", Holds.NUMBER, "d.quarter", "The quarter, 1 to 4."),
            Column("month", Holds.NUMBER, "d.month", "The month, 1 to 12."),
            Column("iso_year", Holds.NUMBER, "d.iso_year", "The year its week belongs to."),
            Column("iso_week", Holds.NUMBER, "d.iso_week", "The week, 1 to 53."),
            Column("weekday", Holds.NUMBER, "d.weekday", "The day of the week: Monday is 1."),
            Column("is_workday", Holds.YES_NO, "d.is_workday", "Monday to Friday, and no public holiday in Norway."),
            Column(
                "workday_number",
                Holds.NUMBER,
                "d.workday_number",
                "Working days since 1990 up to this one. The difference of two days is the working days between.",
            ),
        ),
    )
)

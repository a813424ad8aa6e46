"""Actions, improvements, questions to leaders and meetings as tables for other programs: never a word of them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from improvement.lifecycle import State
from improvement.models import Action, Improvement, Inquiry, Meeting
from kvalitetslosen.open_figures.registry import Column, Holds, LocalDay, StarTable, Workdays, register_table
from kvalitetslosen.organisation.models import User


def actions(user: User) -> QuerySet[Any]:
    return Action.objects.visible_to(user)


def improvements(user: User) -> QuerySet[Any]:
    return Improvement.objects.visible_to(user)


def inquiries(user: User) -> QuerySet[Any]:
    return Inquiry.objects.visible_to(user)


def meetings(user: User) -> QuerySet[Any]:
    return Meeting.objects.visible_to(user)


register_table(
    StarTable(
        key="fact_action",
        view="star_action",
        definition="Actions, one a row. Those of cases about a leader are left out.",
        source="improvement_action AS a LEFT JOIN deviations_deviation AS c ON c.id = a.deviation_id"
        " LEFT JOIN improvement_agendaitem AS i ON i.id = a.agenda_item_id"
        " LEFT JOIN deviations_deviation AS ci ON ci.id = i.deviation_id",
        municipality="a.level_0",
        where="c.about_id IS NULL AND ci.about_id IS NULL",
        seen=actions,
        columns=(
            Column("action_key", Holds.NUMBER, "a.id", "The action."),
            Column("municipality_key", Holds.NUMBER, "a.level_0", "The municipality."),
            Column("unit_key", Holds.NUMBER, "a.unit_id", "The unit it belongs to now."),
            Column(
                "origin",
                Holds.TEXT,
                "CASE WHEN a.deviation_id IS NOT NULL THEN 'case'"
                " WHEN a.improvement_id IS NOT NULL THEN 'improvement'"
                " WHEN a.hazard_id IS NOT NULL THEN 'risk'"
                " WHEN a.agenda_item_id IS NOT NULL THEN 'meeting' ELSE '' END",
                "What it was planned for: case, improvement, risk, meeting, or empty. Not which one.",
            ),
            Column("state", Holds.TEXT, "a.state", "Where it stands now."),
            Column("strength", Holds.TEXT, "a.strength", "How strong it is; empty where that isn’t assessed."),
            Column("planned_on", Holds.DAY, LocalDay("a.created_at"), "The day it was planned."),
            Column("due_on", Holds.DAY, "a.deadline", "Its deadline."),
            Column("ended_on", Holds.DAY, LocalDay("a.closed_at"), "The day it was done or cancelled."),
            Column(
                "workdays_to_done",
                Holds.NUMBER,
                Workdays("a.created_at", "a.closed_at", f"a.state = '{State.DONE.value}'"),
                "Working days until it was done.",
            ),
        ),
    )
)

register_table(
    StarTable(
        key="fact_improvement",
        view="star_improvement",
        definition="Improvements, one a row.",
        source="improvement_improvement AS f",
        municipality="f.level_0",
        seen=improvements,
        columns=(
            Column("improvement_key", Holds.NUMBER, "f.id", "The improvement."),
            Column("municipality_key", Holds.NUMBER, "f.level_0", "The municipality."),
            Column("unit_key", Holds.NUMBER, "f.unit_id", "The unit it belongs to now."),
            Column("state", Holds.TEXT, "f.state", "Which of the seven steps it is at now, or how it ended."),
            Column("begun_on", Holds.DAY, LocalDay("f.begun_at"), "The day it was begun."),
            Column("finished_on", Holds.DAY, LocalDay("f.finished_at"), "The day it was finished."),
            Column(
                "workdays_to_finished",
                Holds.NUMBER,
                Workdays("f.begun_at", "f.finished_at"),
                "Working days until it was finished.",
            ),
        ),
    )
)

register_table(
    StarTable(
        key="fact_inquiry",
        view="star_inquiry",
        definition="Questions to leaders, one a row. Those about a case about a leader are left out.",
        source="improvement_inquiry AS q LEFT JOIN deviations_deviation AS c ON c.id = q.deviation_id",
        municipality="q.level_0",
        where="c.about_id IS NULL",
        seen=inquiries,
        columns=(
            Column("inquiry_key", Holds.NUMBER, "q.id", "The question."),
            Column("municipality_key", Holds.NUMBER, "q.level_0", "The municipality."),
            Column("unit_key", Holds.NUMBER, "q.unit_id", "The unit asked about."),
            Column("topic", Holds.TEXT, "q.topic", "What it was asked about."),
            Column("state", Holds.TEXT, "q.state", "Where it stands now."),
            Column("asked_on", Holds.DAY, LocalDay("q.asked_at"), "The day it was asked."),
            Column("due_on", Holds.DAY, "q.due_on", "The day the answer was due."),
            Column("answered_on", Holds.DAY, LocalDay("q.answered_at"), "The day it was answered."),
            Column(
                "workdays_to_answer",
                Holds.NUMBER,
                Workdays("q.asked_at", "q.answered_at"),
                "Working days to the answer.",
            ),
        ),
    )
)

register_table(
    StarTable(
        key="fact_meeting",
        view="star_meeting",
        definition="Meetings, one a row. Those across municipalities are left out.",
        source="improvement_meeting AS m JOIN improvement_forum AS f ON f.id = m.forum_id",
        municipality="f.level_0",
        where="f.network_id IS NULL",
        seen=meetings,
        columns=(
            Column("meeting_key", Holds.NUMBER, "m.id", "The meeting."),
            Column("municipality_key", Holds.NUMBER, "f.level_0", "The municipality."),
            Column("unit_key", Holds.NUMBER, "f.unit_id", "The unit of the forum."),
            Column("kind", Holds.TEXT, "f.kind", "Which agenda the forum uses."),
            Column("state", Holds.TEXT, "m.state", "Where it stands now."),
            Column("held_on", Holds.DAY, LocalDay("m.starts_at"), "The day it begins."),
            Column("minutes", Holds.NUMBER, "m.lasts", "How long it is planned to last."),
        ),
    )
)

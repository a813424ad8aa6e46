from django.db import migrations

from kvalitetslosen.database.views import MakeView


class Migration(migrations.Migration):
    dependencies = [
        ("improvement", "0017_effects_of_actions"),
        ("open_figures", "0001_tokens"),
        ("deviations", "0021_internal_audits"),
        ("organisation", "0003_places_to_practise_in"),
    ]

    operations = [
        MakeView(
            "star_action",
            {
                "postgresql": """SELECT
    a.id AS action_key,
    a.level_0 AS municipality_key,
    a.unit_id AS unit_key,
    CASE WHEN a.deviation_id IS NOT NULL THEN 'case' WHEN a.improvement_id IS NOT NULL THEN 'improvement' WHEN a.hazard_id IS NOT NULL THEN 'risk' WHEN a.agenda_item_id IS NOT NULL THEN 'meeting' ELSE '' END AS origin,
    a.state AS state,
    a.strength AS strength,
    (a.created_at AT TIME ZONE 'Europe/Oslo')::date AS planned_on,
    a.deadline AS due_on,
    (a.closed_at AT TIME ZONE 'Europe/Oslo')::date AS ended_on,
    CASE WHEN a.state = 'done' THEN day_1.workday_number - day_0.workday_number END AS workdays_to_done
FROM improvement_action AS a LEFT JOIN deviations_deviation AS c ON c.id = a.deviation_id LEFT JOIN improvement_agendaitem AS i ON i.id = a.agenda_item_id LEFT JOIN deviations_deviation AS ci ON ci.id = i.deviation_id
JOIN organisation_unit AS here ON here.id = a.level_0 AND NOT here.practice
LEFT JOIN open_figures_day AS day_0 ON day_0.day = (a.created_at AT TIME ZONE 'Europe/Oslo')::date
LEFT JOIN open_figures_day AS day_1 ON day_1.day = (a.closed_at AT TIME ZONE 'Europe/Oslo')::date
WHERE c.about_id IS NULL AND ci.about_id IS NULL""",
                "sqlite": """SELECT
    a.id AS action_key,
    a.level_0 AS municipality_key,
    a.unit_id AS unit_key,
    CASE WHEN a.deviation_id IS NOT NULL THEN 'case' WHEN a.improvement_id IS NOT NULL THEN 'improvement' WHEN a.hazard_id IS NOT NULL THEN 'risk' WHEN a.agenda_item_id IS NOT NULL THEN 'meeting' ELSE '' END AS origin,
    a.state AS state,
    a.strength AS strength,
    date(a.created_at, CASE WHEN a.created_at >= date(substr(a.created_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND a.created_at < date(substr(a.created_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS planned_on,
    a.deadline AS due_on,
    date(a.closed_at, CASE WHEN a.closed_at >= date(substr(a.closed_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND a.closed_at < date(substr(a.closed_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS ended_on,
    CASE WHEN a.state = 'done' THEN day_1.workday_number - day_0.workday_number END AS workdays_to_done
FROM improvement_action AS a LEFT JOIN deviations_deviation AS c ON c.id = a.deviation_id LEFT JOIN improvement_agendaitem AS i ON i.id = a.agenda_item_id LEFT JOIN deviations_deviation AS ci ON ci.id = i.deviation_id
JOIN organisation_unit AS here ON here.id = a.level_0 AND NOT here.practice
LEFT JOIN open_figures_day AS day_0 ON day_0.day = date(a.created_at, CASE WHEN a.created_at >= date(substr(a.created_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND a.created_at < date(substr(a.created_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END)
LEFT JOIN open_figures_day AS day_1 ON day_1.day = date(a.closed_at, CASE WHEN a.closed_at >= date(substr(a.closed_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND a.closed_at < date(substr(a.closed_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END)
WHERE c.about_id IS NULL AND ci.about_id IS NULL""",
            },
        ),
        MakeView(
            "star_improvement",
            {
                "postgresql": """SELECT
    f.id AS improvement_key,
    f.level_0 AS municipality_key,
    f.unit_id AS unit_key,
    f.state AS state,
    (f.begun_at AT TIME ZONE 'Europe/Oslo')::date AS begun_on,
    (f.finished_at AT TIME ZONE 'Europe/Oslo')::date AS finished_on,
    day_1.workday_number - day_0.workday_number AS workdays_to_finished
FROM improvement_improvement AS f
JOIN organisation_unit AS here ON here.id = f.level_0 AND NOT here.practice
LEFT JOIN open_figures_day AS day_0 ON day_0.day = (f.begun_at AT TIME ZONE 'Europe/Oslo')::date
LEFT JOIN open_figures_day AS day_1 ON day_1.day = (f.finished_at AT TIME ZONE 'Europe/Oslo')::date""",
                "sqlite": """SELECT
    f.id AS improvement_key,
    f.level_0 AS municipality_key,
    f.unit_id AS unit_key,
    f.state AS state,
    date(f.begun_at, CASE WHEN f.begun_at >= date(substr(f.begun_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND f.begun_at < date(substr(f.begun_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS begun_on,
    date(f.finished_at, CASE WHEN f.finished_at >= date(substr(f.finished_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND f.finished_at < date(substr(f.finished_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS finished_on,
    day_1.workday_number - day_0.workday_number AS workdays_to_finished
FROM improvement_improvement AS f
JOIN organisation_unit AS here ON here.id = f.level_0 AND NOT here.practice
LEFT JOIN open_figures_day AS day_0 ON day_0.day = date(f.begun_at, CASE WHEN f.begun_at >= date(substr(f.begun_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND f.begun_at < date(substr(f.begun_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END)
LEFT JOIN open_figures_day AS day_1 ON day_1.day = date(f.finished_at, CASE WHEN f.finished_at >= date(substr(f.finished_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND f.finished_at < date(substr(f.finished_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END)""",
            },
        ),
        MakeView(
            "star_inquiry",
            {
                "postgresql": """SELECT
    q.id AS inquiry_key,
    q.level_0 AS municipality_key,
    q.unit_id AS unit_key,
    q.topic AS topic,
    q.state AS state,
    (q.asked_at AT TIME ZONE 'Europe/Oslo')::date AS asked_on,
    q.due_on AS due_on,
    (q.answered_at AT TIME ZONE 'Europe/Oslo')::date AS answered_on,
    day_1.workday_number - day_0.workday_number AS workdays_to_answer
FROM improvement_inquiry AS q LEFT JOIN deviations_deviation AS c ON c.id = q.deviation_id
JOIN organisation_unit AS here ON here.id = q.level_0 AND NOT here.practice
LEFT JOIN open_figures_day AS day_0 ON day_0.day = (q.asked_at AT TIME ZONE 'Europe/Oslo')::date
LEFT JOIN open_figures_day AS day_1 ON day_1.day = (q.answered_at AT TIME ZONE 'Europe/Oslo')::date
WHERE c.about_id IS NULL""",
                "sqlite": """SELECT
    q.id AS inquiry_key,
    q.level_0 AS municipality_key,
    q.unit_id AS unit_key,
    q.topic AS topic,
    q.state AS state,
    date(q.asked_at, CASE WHEN q.asked_at >= date(substr(q.asked_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND q.asked_at < date(substr(q.asked_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS asked_on,
    q.due_on AS due_on,
    date(q.answered_at, CASE WHEN q.answered_at >= date(substr(q.answered_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND q.answered_at < date(substr(q.answered_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS answered_on,
    day_1.workday_number - day_0.workday_number AS workdays_to_answer
FROM improvement_inquiry AS q LEFT JOIN deviations_deviation AS c ON c.id = q.deviation_id
JOIN organisation_unit AS here ON here.id = q.level_0 AND NOT here.practice
LEFT JOIN open_figures_day AS day_0 ON day_0.day = date(q.asked_at, CASE WHEN q.asked_at >= date(substr(q.asked_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND q.asked_at < date(substr(q.asked_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END)
LEFT JOIN open_figures_day AS day_1 ON day_1.day = date(q.answered_at, CASE WHEN q.answered_at >= date(substr(q.answered_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND q.answered_at < date(substr(q.answered_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END)
WHERE c.about_id IS NULL""",
            },
        ),
        MakeView(
            "star_meeting",
            {
                "postgresql": """SELECT
    m.id AS meeting_key,
    f.level_0 AS municipality_key,
    f.unit_id AS unit_key,
    f.kind AS kind,
    m.state AS state,
    (m.starts_at AT TIME ZONE 'Europe/Oslo')::date AS held_on,
    m.lasts AS minutes
FROM improvement_meeting AS m JOIN improvement_forum AS f ON f.id = m.forum_id
JOIN organisation_unit AS here ON here.id = f.level_0 AND NOT here.practice
WHERE f.network_id IS NULL""",
                "sqlite": """SELECT
    m.id AS meeting_key,
    f.level_0 AS municipality_key,
    f.unit_id AS unit_key,
    f.kind AS kind,
    m.state AS state,
    date(m.starts_at, CASE WHEN m.starts_at >= date(substr(m.starts_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND m.starts_at < date(substr(m.starts_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS held_on,
    m.lasts AS minutes
FROM improvement_meeting AS m JOIN improvement_forum AS f ON f.id = m.forum_id
JOIN organisation_unit AS here ON here.id = f.level_0 AND NOT here.practice
WHERE f.network_id IS NULL""",
            },
        ),
    ]

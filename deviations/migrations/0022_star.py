from django.db import migrations

from kvalitetslosen.database.views import MakeView


class Migration(migrations.Migration):
    dependencies = [
        ("deviations", "0021_internal_audits"),
        ("open_figures", "0001_tokens"),
        ("organisation", "0003_places_to_practise_in"),
    ]

    operations = [
        MakeView(
            "star_deviation",
            {
                "postgresql": """SELECT
    c.id AS deviation_key,
    c.level_0 AS municipality_key,
    c.handling_unit_id AS unit_key,
    c.category_id AS category_key,
    c.breached_document_id AS document_key,
    c.kind AS kind,
    c.topic AS topic,
    c.source AS source,
    c.state AS state,
    c.severity AS severity,
    c.harm AS harm,
    (c.reported_at AT TIME ZONE 'Europe/Oslo')::date AS reported_on,
    (c.received_at AT TIME ZONE 'Europe/Oslo')::date AS received_on,
    (c.first_answer_at AT TIME ZONE 'Europe/Oslo')::date AS answered_on,
    (c.closed_at AT TIME ZONE 'Europe/Oslo')::date AS closed_on,
    (c.receive_by AT TIME ZONE 'Europe/Oslo')::date AS receive_by,
    (c.answer_by AT TIME ZONE 'Europe/Oslo')::date AS answer_by,
    (c.deadline AT TIME ZONE 'Europe/Oslo')::date AS close_by,
    CASE WHEN c.source <> 'elsewhere' THEN day_1.workday_number - day_0.workday_number END AS workdays_to_receipt,
    CASE WHEN c.source <> 'elsewhere' THEN day_2.workday_number - day_0.workday_number END AS workdays_to_answer,
    CASE WHEN c.source <> 'elsewhere' AND c.state IN ('closed', 'not_deviation') THEN day_3.workday_number - day_0.workday_number END AS workdays_to_outcome,
    CASE WHEN c.source <> 'elsewhere' THEN day_3.workday_number - day_0.workday_number END AS workdays_to_closing,
    CASE WHEN c.source <> 'elsewhere' AND c.state IN ('closed', 'not_deviation') THEN c.helped END AS helped
FROM deviations_deviation AS c
JOIN organisation_unit AS here ON here.id = c.level_0 AND NOT here.practice
LEFT JOIN open_figures_day AS day_0 ON day_0.day = (c.reported_at AT TIME ZONE 'Europe/Oslo')::date
LEFT JOIN open_figures_day AS day_1 ON day_1.day = (c.received_at AT TIME ZONE 'Europe/Oslo')::date
LEFT JOIN open_figures_day AS day_2 ON day_2.day = (c.first_answer_at AT TIME ZONE 'Europe/Oslo')::date
LEFT JOIN open_figures_day AS day_3 ON day_3.day = (c.closed_at AT TIME ZONE 'Europe/Oslo')::date
WHERE c.about_id IS NULL AND (c.source <> 'elsewhere' OR c.state <> 'merged')""",
                "sqlite": """SELECT
    c.id AS deviation_key,
    c.level_0 AS municipality_key,
    c.handling_unit_id AS unit_key,
    c.category_id AS category_key,
    c.breached_document_id AS document_key,
    c.kind AS kind,
    c.topic AS topic,
    c.source AS source,
    c.state AS state,
    c.severity AS severity,
    c.harm AS harm,
    date(c.reported_at, CASE WHEN c.reported_at >= date(substr(c.reported_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND c.reported_at < date(substr(c.reported_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS reported_on,
    date(c.received_at, CASE WHEN c.received_at >= date(substr(c.received_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND c.received_at < date(substr(c.received_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS received_on,
    date(c.first_answer_at, CASE WHEN c.first_answer_at >= date(substr(c.first_answer_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND c.first_answer_at < date(substr(c.first_answer_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS answered_on,
    date(c.closed_at, CASE WHEN c.closed_at >= date(substr(c.closed_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND c.closed_at < date(substr(c.closed_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS closed_on,
    date(c.receive_by, CASE WHEN c.receive_by >= date(substr(c.receive_by, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND c.receive_by < date(substr(c.receive_by, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS receive_by,
    date(c.answer_by, CASE WHEN c.answer_by >= date(substr(c.answer_by, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND c.answer_by < date(substr(c.answer_by, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS answer_by,
    date(c.deadline, CASE WHEN c.deadline >= date(substr(c.deadline, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND c.deadline < date(substr(c.deadline, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS close_by,
    CASE WHEN c.source <> 'elsewhere' THEN day_1.workday_number - day_0.workday_number END AS workdays_to_receipt,
    CASE WHEN c.source <> 'elsewhere' THEN day_2.workday_number - day_0.workday_number END AS workdays_to_answer,
    CASE WHEN c.source <> 'elsewhere' AND c.state IN ('closed', 'not_deviation') THEN day_3.workday_number - day_0.workday_number END AS workdays_to_outcome,
    CASE WHEN c.source <> 'elsewhere' THEN day_3.workday_number - day_0.workday_number END AS workdays_to_closing,
    CASE WHEN c.source <> 'elsewhere' AND c.state IN ('closed', 'not_deviation') THEN c.helped END AS helped
FROM deviations_deviation AS c
JOIN organisation_unit AS here ON here.id = c.level_0 AND NOT here.practice
LEFT JOIN open_figures_day AS day_0 ON day_0.day = date(c.reported_at, CASE WHEN c.reported_at >= date(substr(c.reported_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND c.reported_at < date(substr(c.reported_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END)
LEFT JOIN open_figures_day AS day_1 ON day_1.day = date(c.received_at, CASE WHEN c.received_at >= date(substr(c.received_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND c.received_at < date(substr(c.received_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END)
LEFT JOIN open_figures_day AS day_2 ON day_2.day = date(c.first_answer_at, CASE WHEN c.first_answer_at >= date(substr(c.first_answer_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND c.first_answer_at < date(substr(c.first_answer_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END)
LEFT JOIN open_figures_day AS day_3 ON day_3.day = date(c.closed_at, CASE WHEN c.closed_at >= date(substr(c.closed_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND c.closed_at < date(substr(c.closed_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END)
WHERE c.about_id IS NULL AND (c.source <> 'elsewhere' OR c.state <> 'merged')""",
            },
        ),
        MakeView(
            "star_tick",
            {
                "postgresql": """SELECT
    t.id AS tick_key,
    s.level_0 AS municipality_key,
    s.unit_id AS unit_key,
    t.category_id AS category_key,
    t.date AS happened_on,
    t.shift AS shift,
    t.harm AS harm,
    t.place AS place
FROM deviations_tick AS t JOIN deviations_tallysheet AS s ON s.id = t.sheet_id
JOIN organisation_unit AS here ON here.id = s.level_0 AND NOT here.practice
WHERE t.undone_at IS NULL AND t.became_id IS NULL""",
                "sqlite": """SELECT
    t.id AS tick_key,
    s.level_0 AS municipality_key,
    s.unit_id AS unit_key,
    t.category_id AS category_key,
    t.date AS happened_on,
    t.shift AS shift,
    t.harm AS harm,
    t.place AS place
FROM deviations_tick AS t JOIN deviations_tallysheet AS s ON s.id = t.sheet_id
JOIN organisation_unit AS here ON here.id = s.level_0 AND NOT here.practice
WHERE t.undone_at IS NULL AND t.became_id IS NULL""",
            },
        ),
        MakeView(
            "star_category",
            {
                "postgresql": """SELECT
    k.id AS category_key,
    k.municipality_id AS municipality_key,
    COALESCE(k.parent_id, k.id) AS main_category_key,
    k.name AS name,
    k.name_nn AS name_nn,
    k.name_en AS name_en,
    COALESCE(main.name, k.name) AS main_name,
    k.topic AS topic,
    k.code AS code,
    k.is_active AS is_active
FROM deviations_category AS k LEFT JOIN deviations_category AS main ON main.id = k.parent_id
JOIN organisation_unit AS here ON here.id = k.municipality_id AND NOT here.practice""",
                "sqlite": """SELECT
    k.id AS category_key,
    k.municipality_id AS municipality_key,
    COALESCE(k.parent_id, k.id) AS main_category_key,
    k.name AS name,
    k.name_nn AS name_nn,
    k.name_en AS name_en,
    COALESCE(main.name, k.name) AS main_name,
    k.topic AS topic,
    k.code AS code,
    k.is_active AS is_active
FROM deviations_category AS k LEFT JOIN deviations_category AS main ON main.id = k.parent_id
JOIN organisation_unit AS here ON here.id = k.municipality_id AND NOT here.practice""",
            },
        ),
    ]

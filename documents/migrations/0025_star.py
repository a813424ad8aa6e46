from django.db import migrations

from kvalitetslosen.database.views import MakeView


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0024_handbook_reading"),
        ("open_figures", "0001_tokens"),
        ("organisation", "0003_places_to_practise_in"),
    ]

    operations = [
        MakeView(
            "star_handbook",
            {
                "postgresql": """SELECT
    d.id AS document_key,
    d.level_0 AS municipality_key,
    d.unit_id AS unit_key,
    d.number AS number,
    d.title AS title,
    COALESCE(NULLIF(k.name, ''), k.base) AS type,
    d.reach AS reach,
    d.review_on AS review_on
FROM documents_document AS d JOIN documents_documenttype AS k ON k.id = d.type_id
JOIN organisation_unit AS here ON here.id = d.level_0 AND NOT here.practice
WHERE EXISTS (SELECT 1 FROM documents_version AS v WHERE v.document_id = d.id AND v.state IN ('in_force', 'replaced', 'withdrawn'))""",
                "sqlite": """SELECT
    d.id AS document_key,
    d.level_0 AS municipality_key,
    d.unit_id AS unit_key,
    d.number AS number,
    d.title AS title,
    COALESCE(NULLIF(k.name, ''), k.base) AS type,
    d.reach AS reach,
    d.review_on AS review_on
FROM documents_document AS d JOIN documents_documenttype AS k ON k.id = d.type_id
JOIN organisation_unit AS here ON here.id = d.level_0 AND NOT here.practice
WHERE EXISTS (SELECT 1 FROM documents_version AS v WHERE v.document_id = d.id AND v.state IN ('in_force', 'replaced', 'withdrawn'))""",
            },
        ),
        MakeView(
            "star_document",
            {
                "postgresql": """SELECT
    v.id AS version_key,
    d.level_0 AS municipality_key,
    d.unit_id AS unit_key,
    d.id AS document_key,
    v.major AS major,
    v.minor AS minor,
    v.state AS state,
    (v.in_force_from AT TIME ZONE 'Europe/Oslo')::date AS in_force_on,
    (v.ended_at AT TIME ZONE 'Europe/Oslo')::date AS ended_on
FROM documents_version AS v JOIN documents_document AS d ON d.id = v.document_id
JOIN organisation_unit AS here ON here.id = d.level_0 AND NOT here.practice
WHERE v.state IN ('in_force', 'replaced', 'withdrawn')""",
                "sqlite": """SELECT
    v.id AS version_key,
    d.level_0 AS municipality_key,
    d.unit_id AS unit_key,
    d.id AS document_key,
    v.major AS major,
    v.minor AS minor,
    v.state AS state,
    date(v.in_force_from, CASE WHEN v.in_force_from >= date(substr(v.in_force_from, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND v.in_force_from < date(substr(v.in_force_from, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS in_force_on,
    date(v.ended_at, CASE WHEN v.ended_at >= date(substr(v.ended_at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND v.ended_at < date(substr(v.ended_at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS ended_on
FROM documents_version AS v JOIN documents_document AS d ON d.id = v.document_id
JOIN organisation_unit AS here ON here.id = d.level_0 AND NOT here.practice
WHERE v.state IN ('in_force', 'replaced', 'withdrawn')""",
            },
        ),
        MakeView(
            "star_reading",
            {
                "postgresql": """SELECT
    r.id AS reading_key,
    p.municipality_id AS municipality_key,
    (SELECT w.unit_id FROM organisation_membership AS w JOIN organisation_unit AS wu ON wu.id = w.unit_id WHERE w.user_id = r.user_id AND NOT w.withdrawn AND w.role IN ('employee', 'leader') AND w.valid_from <= (r.at AT TIME ZONE 'Europe/Oslo')::date AND (w.valid_to IS NULL OR w.valid_to >= (r.at AT TIME ZONE 'Europe/Oslo')::date) ORDER BY wu.depth, w.id LIMIT 1) AS unit_key,
    r.document_id AS document_key,
    r.major AS major,
    (r.at AT TIME ZONE 'Europe/Oslo')::date AS read_on
FROM documents_readreceipt AS r JOIN organisation_user AS p ON p.id = r.user_id
JOIN organisation_unit AS here ON here.id = p.municipality_id AND NOT here.practice""",
                "sqlite": """SELECT
    r.id AS reading_key,
    p.municipality_id AS municipality_key,
    (SELECT w.unit_id FROM organisation_membership AS w JOIN organisation_unit AS wu ON wu.id = w.unit_id WHERE w.user_id = r.user_id AND NOT w.withdrawn AND w.role IN ('employee', 'leader') AND w.valid_from <= date(r.at, CASE WHEN r.at >= date(substr(r.at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND r.at < date(substr(r.at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AND (w.valid_to IS NULL OR w.valid_to >= date(r.at, CASE WHEN r.at >= date(substr(r.at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND r.at < date(substr(r.at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END)) ORDER BY wu.depth, w.id LIMIT 1) AS unit_key,
    r.document_id AS document_key,
    r.major AS major,
    date(r.at, CASE WHEN r.at >= date(substr(r.at, 1, 4) || '-03-25', 'weekday 0') || ' 01:00:00' AND r.at < date(substr(r.at, 1, 4) || '-10-25', 'weekday 0') || ' 01:00:00' THEN '+2 hours' ELSE '+1 hours' END) AS read_on
FROM documents_readreceipt AS r JOIN organisation_user AS p ON p.id = r.user_id
JOIN organisation_unit AS here ON here.id = p.municipality_id AND NOT here.practice""",
            },
        ),
    ]

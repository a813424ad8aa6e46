from django.db import migrations

from kvalitetslosen.database.views import MakeView


class Migration(migrations.Migration):
    dependencies = [
        ("open_figures", "0001_tokens"),
        ("organisation", "0003_places_to_practise_in"),
    ]

    operations = [
        MakeView(
            "star_unit",
            {
                "postgresql": """SELECT
    u.id AS unit_key,
    u.level_0 AS municipality_key,
    u.parent_id AS parent_key,
    u.name AS name,
    u.code AS code,
    u.kind AS kind,
    u.depth AS depth,
    u.closed_on AS closed_on,
    here.name AS municipality_name,
    up_1.id AS level_1_key,
    up_1.name AS level_1_name,
    up_2.id AS level_2_key,
    up_2.name AS level_2_name,
    up_3.id AS level_3_key,
    up_3.name AS level_3_name,
    up_4.id AS level_4_key,
    up_4.name AS level_4_name
FROM organisation_unit AS u LEFT JOIN organisation_unit AS up_1 ON up_1.id = u.level_1 LEFT JOIN organisation_unit AS up_2 ON up_2.id = u.level_2 LEFT JOIN organisation_unit AS up_3 ON up_3.id = u.level_3 LEFT JOIN organisation_unit AS up_4 ON up_4.id = u.level_4
JOIN organisation_unit AS here ON here.id = u.level_0 AND NOT here.practice""",
                "sqlite": """SELECT
    u.id AS unit_key,
    u.level_0 AS municipality_key,
    u.parent_id AS parent_key,
    u.name AS name,
    u.code AS code,
    u.kind AS kind,
    u.depth AS depth,
    u.closed_on AS closed_on,
    here.name AS municipality_name,
    up_1.id AS level_1_key,
    up_1.name AS level_1_name,
    up_2.id AS level_2_key,
    up_2.name AS level_2_name,
    up_3.id AS level_3_key,
    up_3.name AS level_3_name,
    up_4.id AS level_4_key,
    up_4.name AS level_4_name
FROM organisation_unit AS u LEFT JOIN organisation_unit AS up_1 ON up_1.id = u.level_1 LEFT JOIN organisation_unit AS up_2 ON up_2.id = u.level_2 LEFT JOIN organisation_unit AS up_3 ON up_3.id = u.level_3 LEFT JOIN organisation_unit AS up_4 ON up_4.id = u.level_4
JOIN organisation_unit AS here ON here.id = u.level_0 AND NOT here.practice""",
            },
        ),
        MakeView(
            "star_date",
            {
                "postgresql": """SELECT
    d.day AS date_key,
    d.year AS year,
    d.quarter AS quarter,
    d.month AS month,
    d.iso_year AS iso_year,
    d.iso_week AS iso_week,
    d.weekday AS weekday,
    d.is_workday AS is_workday,
    d.workday_number AS workday_number
FROM open_figures_day AS d""",
                "sqlite": """SELECT
    d.day AS date_key,
    d.year AS year,
    d.quarter AS quarter,
    d.month AS month,
    d.iso_year AS iso_year,
    d.iso_week AS iso_week,
    d.weekday AS weekday,
    d.is_workday AS is_workday,
    d.workday_number AS workday_number
FROM open_figures_day AS d""",
            },
        ),
    ]

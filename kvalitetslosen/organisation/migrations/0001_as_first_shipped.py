"""The tables of a new database, and what the replaced steps did besides. Databases from before take those steps."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import CreateCollation
from django.db import migrations, models

import kvalitetslosen.database.together


class Migration(migrations.Migration):
    replaces = [
        ("organisation", "0001_initial"),
        ("organisation", "0002_roles_of_the_work_environment"),
        ("organisation", "0003_places_to_practise_in"),
    ]

    initial = True

    dependencies = []

    operations = [
        CreateCollation("nb", provider="icu", locale="nb-NO"),
        kvalitetslosen.database.together.CreateTogether(
            models=[
                migrations.CreateModel(
                    name="Unit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("events_count", models.PositiveIntegerField(default=0, editable=False)),
                        ("events_head", models.CharField(default="", editable=False, max_length=64)),
                        ("level_0", models.BigIntegerField(editable=False, null=True)),
                        ("level_1", models.BigIntegerField(editable=False, null=True)),
                        ("level_2", models.BigIntegerField(editable=False, null=True)),
                        ("level_3", models.BigIntegerField(editable=False, null=True)),
                        ("level_4", models.BigIntegerField(editable=False, null=True)),
                        ("name", models.CharField(db_collation="nb", max_length=120, verbose_name="name")),
                        (
                            "code",
                            models.CharField(
                                help_text="Short, unique in the municipality.", max_length=12, verbose_name="code"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("municipality", "Municipality"),
                                    ("sector", "Sector"),
                                    ("unit", "Unit"),
                                    ("department", "Department"),
                                    ("team", "Team"),
                                ],
                                default="unit",
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("depth", models.PositiveSmallIntegerField(default=0, editable=False)),
                        (
                            "language",
                            models.CharField(
                                blank=True,
                                choices=[("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")],
                                max_length=2,
                                verbose_name="language",
                            ),
                        ),
                        ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="organisation.unit",
                            ),
                        ),
                        ("practice", models.BooleanField(default=False, editable=False)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["level_0"], name="unit_level_0"),
                            models.Index(fields=["level_1"], name="unit_level_1"),
                            models.Index(fields=["level_2"], name="unit_level_2"),
                            models.Index(fields=["level_3"], name="unit_level_3"),
                            models.Index(fields=["level_4"], name="unit_level_4"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("level_0", "code"), name="unit_code_unique_in_municipality"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("depth", 0), ("parent", None)),
                                    models.Q(("depth__range", (1, 4)), ("parent__isnull", False)),
                                    _connector="OR",
                                ),
                                name="unit_depth_follows_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("practice", False), ("parent", None), _connector="OR"),
                                name="unit_practice_is_a_top",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("events_count", models.PositiveIntegerField(default=0, editable=False)),
                        ("events_head", models.CharField(default="", editable=False, max_length=64)),
                        ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                        ("name", models.CharField(db_collation="nb", max_length=120, verbose_name="name")),
                        ("title", models.CharField(blank=True, max_length=120, verbose_name="job title")),
                        (
                            "language",
                            models.CharField(
                                choices=[("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")],
                                default="nb",
                                max_length=2,
                                verbose_name="language",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="may log in")),
                        ("left_on", models.DateField(blank=True, null=True, verbose_name="left on")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "municipality",
                            models.ForeignKey(
                                limit_choices_to={"parent": None},
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="people",
                                to="organisation.unit",
                            ),
                        ),
                        ("practice", models.BooleanField(default=False, editable=False)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["municipality", "name"], name="user_municipality_name")],
                    },
                ),
                migrations.CreateModel(
                    name="MunicipalitySettings",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("events_count", models.PositiveIntegerField(default=0, editable=False)),
                        ("events_head", models.CharField(default="", editable=False, max_length=64)),
                        (
                            "language",
                            models.CharField(
                                choices=[("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")],
                                default="nb",
                                max_length=2,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "narrow_upper_sight",
                            models.BooleanField(
                                default=False,
                                verbose_name="leaders two or more levels up see only high and critical cases",
                            ),
                        ),
                        (
                            "closed_days",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="As 24.12, one a line.",
                                verbose_name="days the offices are closed besides public holidays",
                            ),
                        ),
                        (
                            "municipality",
                            models.OneToOneField(
                                limit_choices_to={"parent": None},
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="settings",
                                to="organisation.unit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "settings of a municipality",
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("events_count", models.PositiveIntegerField(default=0, editable=False)),
                        ("events_head", models.CharField(default="", editable=False, max_length=64)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("employee", "Employee"),
                                    ("leader", "Leader"),
                                    ("quality_contact", "Quality contact"),
                                    ("safety_rep", "Safety representative"),
                                    ("union_rep", "Union representative"),
                                    ("dpo", "Data protection officer"),
                                    ("work_environment", "Working environment committee"),
                                    ("occupational_health", "Occupational health service"),
                                    ("administrator", "Administrator"),
                                ],
                                max_length=20,
                                verbose_name="role",
                            ),
                        ),
                        ("valid_from", models.DateField(default=django.utils.timezone.localdate, verbose_name="from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="to")),
                        ("withdrawn", models.BooleanField(default=False, editable=False)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="organisation.unit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["unit", "role"], name="membership_unit_role")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn", False)),
                                fields=("user", "unit", "role", "valid_from"),
                                name="membership_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                                ),
                                name="membership_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Deputy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("events_count", models.PositiveIntegerField(default=0, editable=False)),
                        ("events_head", models.CharField(default="", editable=False, max_length=64)),
                        ("valid_from", models.DateField(verbose_name="from")),
                        ("valid_to", models.DateField(verbose_name="to")),
                        ("withdrawn", models.BooleanField(default=False, editable=False)),
                        (
                            "deputy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deputy_for",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "principal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deputies",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                                name="deputy_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("principal", models.F("deputy")), _negated=True),
                                name="deputy_is_another_person",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportDraft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "created_at",
                            models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False),
                        ),
                        ("file_name", models.CharField(max_length=200)),
                        ("rows", models.JSONField(default=dict)),
                        ("carried_out_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.unit"
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
            ],
        ),
    ]

"""The tables of a new database, and what the replaced steps did besides. Databases from before take those steps."""

import uuid
from importlib import import_module

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import deviations.models.outside
import deviations.models.questions
import kvalitetslosen.database.together

whistle_blowing = import_module("deviations.migrations.0016_whistle_blowing")


class Migration(migrations.Migration):
    replaces = [
        ("deviations", "0001_initial"),
        ("deviations", "0002_initial"),
        ("deviations", "0003_reporter_waits"),
        ("deviations", "0004_tally_sheets"),
        ("deviations", "0005_tasks"),
        ("deviations", "0006_related"),
        ("deviations", "0007_without_a_name"),
        ("deviations", "0008_reflections"),
        ("deviations", "0009_questions"),
        ("deviations", "0010_categories_of_the_base"),
        ("deviations", "0011_from_outside"),
        ("deviations", "0012_duties"),
        ("deviations", "0013_comments_and_injuries"),
        ("deviations", "0014_kept_lists"),
        ("deviations", "0015_the_reporters_clock"),
        ("deviations", "0016_whistle_blowing"),
        ("deviations", "0017_cause_analyses"),
        ("deviations", "0018_from_elsewhere"),
        ("deviations", "0019_who_said_which_unit"),
        ("deviations", "0020_help_to_find_the_cause"),
    ]

    initial = True

    dependencies = [
        ("documents", "0001_as_first_shipped"),
        ("organisation", "0001_as_first_shipped"),
    ]

    operations = [
        kvalitetslosen.database.together.CreateTogether(
            models=[
                migrations.CreateModel(
                    name="Example",
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
                        ("text", models.CharField(max_length=300, verbose_name="example")),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True)),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                                verbose_name="unit",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="FigureCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("unit_id", models.BigIntegerField()),
                        ("month", models.DateField()),
                        ("measure", models.CharField(max_length=12)),
                        ("value", models.CharField(max_length=20)),
                        ("n", models.IntegerField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("unit_id", "measure", "month", "value"), name="figure_count_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandlingRules",
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
                            "receive_days",
                            models.PositiveSmallIntegerField(default=2, verbose_name="to receive a case"),
                        ),
                        (
                            "answer_days",
                            models.PositiveSmallIntegerField(
                                default=4, verbose_name="to the first answer to the reporter"
                            ),
                        ),
                        (
                            "close_days_low",
                            models.PositiveSmallIntegerField(default=30, verbose_name="to close, low severity"),
                        ),
                        (
                            "close_days_moderate",
                            models.PositiveSmallIntegerField(default=30, verbose_name="to close, moderate severity"),
                        ),
                        (
                            "close_days_high",
                            models.PositiveSmallIntegerField(default=20, verbose_name="to close, high severity"),
                        ),
                        (
                            "close_days_critical",
                            models.PositiveSmallIntegerField(default=20, verbose_name="to close, critical severity"),
                        ),
                        (
                            "remind_days_before",
                            models.PositiveSmallIntegerField(default=3, verbose_name="remind before the deadline"),
                        ),
                        (
                            "repeat_days",
                            models.PositiveSmallIntegerField(
                                default=5, verbose_name="remind again after the deadline, every"
                            ),
                        ),
                        (
                            "escalate_days",
                            models.PositiveSmallIntegerField(default=5, verbose_name="tell the leader above after"),
                        ),
                        (
                            "municipality",
                            models.OneToOneField(
                                limit_choices_to={"parent": None},
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handling_rules",
                                to="organisation.unit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "deadlines and reminders",
                    },
                ),
                migrations.CreateModel(
                    name="QuestionSet",
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
                        ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                        ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published")),
                        (
                            "category",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="question_sets",
                                to="deviations.category",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                limit_choices_to={"parent": None},
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("category", "number"), name="question_set_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("published_at", None)),
                                fields=("category",),
                                name="one_draft_of_questions",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Category",
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
                        ("name", models.CharField(max_length=120, verbose_name="name, bokmål")),
                        ("name_nn", models.CharField(blank=True, max_length=120, verbose_name="name, nynorsk")),
                        ("name_en", models.CharField(blank=True, max_length=120, verbose_name="name, English")),
                        (
                            "topic",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Ordinary"),
                                    ("hse", "Health, safety and environment of employees"),
                                    ("privacy", "Privacy"),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="about",
                            ),
                        ),
                        ("code", models.CharField(blank=True, max_length=20, verbose_name="national code")),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "municipality",
                            models.ForeignKey(
                                limit_choices_to={"parent": None},
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="deviations.category",
                            ),
                        ),
                        (
                            "may_be_ticked",
                            models.BooleanField(default=False, verbose_name="may be ticked on a tally sheet"),
                        ),
                        ("base", models.CharField(blank=True, default="", editable=False, max_length=120)),
                        (
                            "consequence",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="suggested consequence"
                            ),
                        ),
                        (
                            "figure",
                            models.CharField(blank=True, default="", max_length=30, verbose_name="national figure"),
                        ),
                        (
                            "handler",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "handler_role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "The leader of the unit"),
                                    ("quality_contact", "The quality contact nearest to the unit"),
                                    ("dpo", "The data protection officer"),
                                ],
                                default="",
                                max_length=15,
                                verbose_name="who gets the cases",
                            ),
                        ),
                        (
                            "probability",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="suggested probability"
                            ),
                        ),
                        (
                            "asks",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.questionset",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("parent", None)),
                                fields=("municipality", "name"),
                                name="main_category_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("parent__isnull", False)),
                                fields=("parent", "name"),
                                name="category_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("base", ""), _negated=True),
                                fields=("municipality", "base"),
                                name="category_of_the_base_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("consequence", None), ("probability", None)),
                                    models.Q(
                                        ("consequence__isnull", False),
                                        ("consequence__range", (1, 5)),
                                        ("probability__isnull", False),
                                        ("probability__range", (1, 5)),
                                    ),
                                    _connector="OR",
                                ),
                                name="category_severity_both_or_neither",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("handler", None), ("handler_role", ""), _connector="OR"),
                                name="category_handler_a_role_or_a_person",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Deviation",
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
                        (
                            "reference",
                            models.CharField(editable=False, max_length=24, unique=True, verbose_name="reference"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("deviation", "Deviation"),
                                    ("near_miss", "Near miss"),
                                    ("risk", "Risk"),
                                    ("proposal", "Improvement proposal"),
                                    ("good_practice", "Good practice"),
                                ],
                                max_length=15,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "topic",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Ordinary"),
                                    ("hse", "Health, safety and environment of employees"),
                                    ("privacy", "Privacy"),
                                ],
                                default="",
                                max_length=10,
                            ),
                        ),
                        ("text", models.TextField(verbose_name="what happened")),
                        (
                            "happened",
                            models.CharField(
                                choices=[
                                    ("now", "Now"),
                                    ("today", "Earlier today"),
                                    ("shift", "During this shift"),
                                    ("date", "On a date"),
                                    ("unknown", "Don't know"),
                                ],
                                default="now",
                                max_length=10,
                                verbose_name="when",
                            ),
                        ),
                        ("happened_on", models.DateField(blank=True, null=True, verbose_name="date")),
                        (
                            "harm",
                            models.CharField(
                                choices=[
                                    ("none", "No harm"),
                                    ("mild", "Mild harm"),
                                    ("serious", "Serious harm"),
                                    ("unknown", "Don't know"),
                                ],
                                default="unknown",
                                max_length=10,
                                verbose_name="harm so far",
                            ),
                        ),
                        ("done_at_once", models.TextField(blank=True, verbose_name="done at once")),
                        ("suggestion", models.TextField(blank=True, verbose_name="suggestion")),
                        (
                            "naming",
                            models.CharField(
                                choices=[
                                    ("named", "With name"),
                                    ("sealed", "Name hidden"),
                                    ("anonymous", "Anonymous"),
                                ],
                                default="named",
                                max_length=10,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("reported", "Reported"),
                                    ("received", "Received"),
                                    ("in_progress", "In progress"),
                                    ("waiting", "Waiting for the reporter"),
                                    ("closed", "Closed"),
                                    ("not_deviation", "Not a deviation"),
                                    ("merged", "Merged into another case"),
                                ],
                                default="reported",
                                max_length=15,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "consequence",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="consequence"),
                        ),
                        (
                            "probability",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="probability"),
                        ),
                        (
                            "severity",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("low", "Low"),
                                    ("moderate", "Moderate"),
                                    ("high", "High"),
                                    ("critical", "Critical"),
                                ],
                                max_length=10,
                                verbose_name="severity",
                            ),
                        ),
                        ("cause", models.TextField(blank=True, verbose_name="cause")),
                        ("outcome", models.TextField(blank=True, verbose_name="answer to the reporter")),
                        (
                            "effect_check_on",
                            models.DateField(blank=True, null=True, verbose_name="look at the effect on"),
                        ),
                        (
                            "reported_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="reported"),
                        ),
                        ("receive_by", models.DateTimeField(verbose_name="to be received by")),
                        ("answer_by", models.DateTimeField(verbose_name="first answer by")),
                        ("deadline", models.DateTimeField(verbose_name="deadline")),
                        ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="received")),
                        ("first_answer_at", models.DateTimeField(blank=True, null=True, verbose_name="first answer")),
                        ("waiting_since", models.DateTimeField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                        ("helped", models.BooleanField(blank=True, null=True, verbose_name="did it help")),
                        (
                            "about",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="the leader it concerns",
                            ),
                        ),
                        (
                            "breached_document",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deviations",
                                to="documents.document",
                                verbose_name="procedure that was not followed",
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.category",
                                verbose_name="category",
                            ),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "handler",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "handling_unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                                verbose_name="handled by",
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged",
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "reporter",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reports",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                                verbose_name="where it happened",
                            ),
                        ),
                        ("reporter_waits_since", models.DateTimeField(blank=True, null=True)),
                        (
                            "question_set",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.questionset",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "From those who work here"),
                                    ("outside", "From outside"),
                                    ("elsewhere", "From another system"),
                                ],
                                default="",
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("level_0__isnull", False)),
                                fields=["level_0", "-reported_at", "-id"],
                                name="deviation_all_0",
                            ),
                            models.Index(
                                condition=models.Q(("level_1__isnull", False)),
                                fields=["level_1", "-reported_at", "-id"],
                                name="deviation_all_1",
                            ),
                            models.Index(
                                condition=models.Q(("level_2__isnull", False)),
                                fields=["level_2", "-reported_at", "-id"],
                                name="deviation_all_2",
                            ),
                            models.Index(
                                condition=models.Q(("level_3__isnull", False)),
                                fields=["level_3", "-reported_at", "-id"],
                                name="deviation_all_3",
                            ),
                            models.Index(
                                condition=models.Q(("level_4__isnull", False)),
                                fields=["level_4", "-reported_at", "-id"],
                                name="deviation_all_4",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at", None), ("level_0__isnull", False)),
                                fields=["level_0", "-reported_at", "-id"],
                                name="deviation_open_0",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at", None), ("level_1__isnull", False)),
                                fields=["level_1", "-reported_at", "-id"],
                                name="deviation_open_1",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at", None), ("level_2__isnull", False)),
                                fields=["level_2", "-reported_at", "-id"],
                                name="deviation_open_2",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at", None), ("level_3__isnull", False)),
                                fields=["level_3", "-reported_at", "-id"],
                                name="deviation_open_3",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at", None), ("level_4__isnull", False)),
                                fields=["level_4", "-reported_at", "-id"],
                                name="deviation_open_4",
                            ),
                            models.Index(
                                condition=models.Q(("level_0__isnull", False)),
                                fields=["level_0", "category", "-reported_at", "-id"],
                                name="deviation_category_0",
                            ),
                            models.Index(
                                condition=models.Q(("level_1__isnull", False)),
                                fields=["level_1", "category", "-reported_at", "-id"],
                                name="deviation_category_1",
                            ),
                            models.Index(
                                condition=models.Q(("level_2__isnull", False)),
                                fields=["level_2", "category", "-reported_at", "-id"],
                                name="deviation_category_2",
                            ),
                            models.Index(
                                condition=models.Q(("level_3__isnull", False)),
                                fields=["level_3", "category", "-reported_at", "-id"],
                                name="deviation_category_3",
                            ),
                            models.Index(
                                condition=models.Q(("level_4__isnull", False)),
                                fields=["level_4", "category", "-reported_at", "-id"],
                                name="deviation_category_4",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at", None)),
                                fields=["handler", "deadline"],
                                name="deviation_in_hand",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at", None)), fields=["deadline"], name="deviation_due"
                            ),
                            models.Index(
                                condition=models.Q(("reporter_waits_since__isnull", False)),
                                fields=["handler"],
                                name="deviation_reporter_waits",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closed_at", None),
                                        ("state__in", ("reported", "received", "in_progress", "waiting")),
                                    ),
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        ("state__in", ("closed", "not_deviation", "merged")),
                                    ),
                                    _connector="OR",
                                ),
                                name="deviation_closed_at_follows_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("consequence", None), ("probability", None), ("severity", "")),
                                    models.Q(
                                        ("consequence__range", (1, 5)),
                                        ("probability__range", (1, 5)),
                                        models.Q(("severity", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="deviation_severity_follows_matrix",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["closed", "not_deviation"]), _negated=True),
                                    models.Q(("outcome", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="deviation_closed_with_an_answer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into", None)),
                                    _connector="OR",
                                ),
                                name="deviation_merged_into_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "waiting"), _negated=True),
                                    ("waiting_since__isnull", False),
                                    _connector="OR",
                                ),
                                name="deviation_waiting_since",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("naming", "named"), ("reporter__isnull", False)),
                                    models.Q(("naming__in", ["sealed", "anonymous"]), ("reporter", None)),
                                    _connector="OR",
                                ),
                                name="deviation_name_shown_or_kept_apart",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("closed_by", None)),
                                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                                    models.Q(("closed_at__isnull", False), ("source", "elsewhere")),
                                    _connector="OR",
                                ),
                                name="deviation_closed_at_and_by_both_or_neither",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("from_reporter", models.BooleanField()),
                        ("text", models.TextField(verbose_name="message")),
                        (
                            "author",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "deviation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="messages",
                                to="deviations.deviation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("from_reporter", True), ("author__isnull", False), _connector="OR"
                                ),
                                name="message_has_a_sender",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SealedIdentity",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "deviation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sealed_identity",
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Counter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField()),
                        ("last", models.PositiveIntegerField(default=0)),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.unit"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("municipality", "year"), name="counter_once")],
                    },
                ),
                migrations.CreateModel(
                    name="TallyChoice",
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
                        (
                            "categories",
                            models.ManyToManyField(blank=True, related_name="ticked_in", to="deviations.category"),
                        ),
                        (
                            "unit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                                verbose_name="unit",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="TallySheet",
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
                        ("month", models.DateField(verbose_name="month")),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "Open"), ("closed", "Closed")],
                                default="open",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("learning_note", models.TextField(blank=True, verbose_name="what was learnt")),
                        ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "handler",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                                verbose_name="unit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("level_0__isnull", False)),
                                fields=["level_0", "month"],
                                name="tally_sheet_0",
                            ),
                            models.Index(
                                condition=models.Q(("level_1__isnull", False)),
                                fields=["level_1", "month"],
                                name="tally_sheet_1",
                            ),
                            models.Index(
                                condition=models.Q(("level_2__isnull", False)),
                                fields=["level_2", "month"],
                                name="tally_sheet_2",
                            ),
                            models.Index(
                                condition=models.Q(("level_3__isnull", False)),
                                fields=["level_3", "month"],
                                name="tally_sheet_3",
                            ),
                            models.Index(
                                condition=models.Q(("level_4__isnull", False)),
                                fields=["level_4", "month"],
                                name="tally_sheet_4",
                            ),
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["handler", "month"],
                                name="tally_sheet_in_hand",
                            ),
                            models.Index(
                                condition=models.Q(("state", "open")), fields=["month"], name="tally_sheet_open"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("unit", "month"), name="tally_sheet_once"),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="tally_sheet_of_a_month"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("closed_by", None), ("state", "open")),
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        ("closed_by__isnull", False),
                                        ("state", "closed"),
                                        models.Q(("learning_note", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="tally_sheet_closed_with_a_note",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tick",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("date", models.DateField(verbose_name="day")),
                        (
                            "shift",
                            models.CharField(
                                choices=[("day", "Day"), ("evening", "Evening"), ("night", "Night")],
                                max_length=7,
                                verbose_name="shift",
                            ),
                        ),
                        (
                            "harm",
                            models.CharField(
                                choices=[("none", "No harm"), ("mild", "Mild harm")], max_length=4, verbose_name="harm"
                            ),
                        ),
                        (
                            "place",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not said"),
                                    ("room", "In the room"),
                                    ("bathroom", "In the bathroom"),
                                    ("corridor", "In the corridor"),
                                    ("common", "In a common room"),
                                    ("outside", "Outside"),
                                    ("other", "Another place"),
                                ],
                                default="",
                                max_length=8,
                                verbose_name="place",
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "became",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ticked",
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.category",
                            ),
                        ),
                        (
                            "sheet",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ticks",
                                to="deviations.tallysheet",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["sheet", "category", "date"], name="tick_of_sheet"),
                            models.Index(
                                condition=models.Q(("by__isnull", False)), fields=["by", "-at"], name="tick_lately"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("harm__in", ["none", "mild"])), name="tick_is_mild"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("undone_at", None), ("became", None), _connector="OR"),
                                name="tick_undone_or_a_case",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Task",
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
                            "asking",
                            models.CharField(
                                choices=[
                                    ("question", "A question"),
                                    ("job", "Something to do"),
                                    ("analysis", "Help to find the cause"),
                                ],
                                default="question",
                                max_length=10,
                            ),
                        ),
                        ("text", models.TextField(verbose_name="what is asked")),
                        ("deadline", models.DateField(verbose_name="deadline")),
                        (
                            "state",
                            models.CharField(
                                choices=[("asked", "Asked"), ("answered", "Answered"), ("withdrawn", "Taken back")],
                                default="asked",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("answer", models.TextField(blank=True, verbose_name="answer")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "deviation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to="deviations.deviation",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "given_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "given_to",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who is asked",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                        (
                            "shows",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.deviation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["created_at", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["given_to", "deadline", "id"],
                                name="task_of",
                            ),
                            models.Index(
                                condition=models.Q(("ended_at", None)), fields=["deadline", "id"], name="task_due"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("state", "asked")),
                                    models.Q(models.Q(("state", "asked"), _negated=True), ("ended_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="task_ended_at_follows_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "answered"), models.Q(("answer", ""), _negated=True)),
                                    models.Q(models.Q(("state", "answered"), _negated=True), ("answer", "")),
                                    _connector="OR",
                                ),
                                name="task_answered_with_words",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Related",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "first",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "second",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.deviation",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("first__lt", models.F("second"))), name="related_in_order"
                            ),
                            models.UniqueConstraint(fields=("first", "second"), name="related_once"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseCode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("hash", models.CharField(max_length=64, unique=True)),
                        ("visit", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "deviation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="case_code",
                                to="deviations.deviation",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Reflection",
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
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "To be talked about"),
                                    ("held", "Talked about"),
                                    ("dropped", "Taken off"),
                                ],
                                default="planned",
                                max_length=10,
                            ),
                        ),
                        ("told", models.TextField(verbose_name="what happened")),
                        ("why", models.TextField(blank=True, verbose_name="why")),
                        ("typical", models.TextField(blank=True, verbose_name="what is typical")),
                        ("tries", models.TextField(blank=True, verbose_name="what do we try")),
                        ("held_on", models.DateField(blank=True, null=True, verbose_name="talked about on")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "deviation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reflections",
                                to="deviations.deviation",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["created_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("held_on__isnull", False),
                                        ("state", "held"),
                                        models.Q(("tries", ""), _negated=True),
                                    ),
                                    models.Q(models.Q(("state", "held"), _negated=True), ("held_on", None)),
                                    _connector="OR",
                                ),
                                name="reflection_held_on_a_day_with_words",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "planned")),
                                fields=("deviation",),
                                name="reflection_planned_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WallScreen",
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
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.unit"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)), fields=("unit",), name="wall_screen_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Question",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(default=deviations.models.questions.new_key, max_length=12)),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("text", "Text"),
                                    ("number", "Number"),
                                    ("choice", "One of several"),
                                    ("date", "Date"),
                                    ("place", "Place"),
                                    ("yes_no", "Yes or no"),
                                ],
                                default="text",
                                max_length=8,
                                verbose_name="kind of answer",
                            ),
                        ),
                        ("label", models.CharField(max_length=160, verbose_name="question, bokmål")),
                        ("label_nn", models.CharField(blank=True, max_length=160, verbose_name="question, nynorsk")),
                        ("label_en", models.CharField(blank=True, max_length=160, verbose_name="question, English")),
                        ("help_text", models.CharField(blank=True, max_length=200, verbose_name="help, bokmål")),
                        ("help_text_nn", models.CharField(blank=True, max_length=200, verbose_name="help, nynorsk")),
                        ("help_text_en", models.CharField(blank=True, max_length=200, verbose_name="help, English")),
                        ("choices", models.JSONField(blank=True, default=list)),
                        ("required", models.BooleanField(default=False, verbose_name="must be answered")),
                        ("shown_when", models.CharField(blank=True, default="", max_length=12)),
                        ("shown_for", models.JSONField(blank=True, default=list)),
                        (
                            "set",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions",
                                to="deviations.questionset",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                        "constraints": [models.UniqueConstraint(fields=("set", "key"), name="question_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("value", models.TextField(blank=True)),
                        ("number", models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                        ("day", models.DateField(blank=True, null=True)),
                        ("unknown", models.BooleanField(default=False)),
                        (
                            "deviation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="deviations.question",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("deviation", "question"), name="answer_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("day", None), ("number", None), ("unknown", True), ("value", "")),
                                    models.Q(("unknown", False), models.Q(("value", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="answer_known_or_not",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpenForm",
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
                        (
                            "slug",
                            models.CharField(
                                default=deviations.models.outside.new_address,
                                editable=False,
                                max_length=16,
                                unique=True,
                            ),
                        ),
                        ("is_open", models.BooleanField(default=False)),
                        (
                            "kinds",
                            models.JSONField(
                                default=deviations.models.outside.usual_kinds, verbose_name="what can be told"
                            ),
                        ),
                        ("welcome", models.TextField(blank=True, verbose_name="words of welcome")),
                        (
                            "unit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="open_form",
                                to="organisation.unit",
                                verbose_name="unit",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Contact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                        ("reach", models.CharField(blank=True, max_length=200, verbose_name="phone or e-mail")),
                        (
                            "deviation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contact",
                                to="deviations.deviation",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), ("reach", ""), _negated=True),
                                name="contact_says_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Duty",
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
                        ("triage", models.CharField(max_length=12)),
                        ("rule", models.CharField(max_length=24)),
                        ("version", models.PositiveSmallIntegerField(default=1)),
                        ("frozen", models.JSONField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("running", "Running"), ("done", "Done"), ("not_needed", "Not needed")],
                                default="running",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("clock_from", models.DateTimeField(verbose_name="became aware")),
                        ("due_at", models.DateTimeField(verbose_name="deadline")),
                        ("warned", models.PositiveSmallIntegerField(default=0)),
                        ("warn_at", models.DateTimeField(blank=True, null=True)),
                        ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                        ("receipt", models.CharField(blank=True, max_length=120, verbose_name="receipt number")),
                        ("remark", models.TextField(blank=True, verbose_name="note")),
                        ("reason", models.TextField(blank=True, verbose_name="why it is not needed")),
                        (
                            "deviation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duties",
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "done_by",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "duty",
                        "indexes": [
                            models.Index(
                                fields=["municipality", "state", "due_at", "id"], name="duty_of_municipality"
                            ),
                            models.Index(
                                condition=models.Q(("state", "running")), fields=["warn_at"], name="duty_to_warn"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("deviation", "rule", "version"), name="duty_once"),
                            models.CheckConstraint(
                                condition=models.Q(("due_at__gte", models.F("clock_from"))),
                                name="duty_due_after_its_clock",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("done_at", None), ("done_by", None), ("state", "running")),
                                    models.Q(
                                        models.Q(("state", "running"), _negated=True),
                                        ("done_at__isnull", False),
                                        ("done_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="duty_ended_at_and_by_both_or_neither",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "not_needed"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="duty_not_needed_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Breach",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("cause", models.TextField(blank=True, verbose_name="what happened, and why")),
                        ("period", models.CharField(blank=True, max_length=200, verbose_name="from when to when")),
                        (
                            "found",
                            models.CharField(blank=True, max_length=300, verbose_name="when and how it was found"),
                        ),
                        (
                            "affected",
                            models.CharField(blank=True, max_length=120, verbose_name="how many people, about"),
                        ),
                        ("data_types", models.TextField(blank=True, verbose_name="what kinds of data, about whom")),
                        ("consequences", models.TextField(blank=True, verbose_name="what it may lead to for them")),
                        ("measures", models.TextField(blank=True, verbose_name="what is done, and will be done")),
                        (
                            "contact",
                            models.CharField(blank=True, max_length=200, verbose_name="whom Datatilsynet can ask"),
                        ),
                        (
                            "duty",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="breach",
                                to="deviations.duty",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="DutySettings",
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
                            "patient_rules_from",
                            models.DateField(
                                blank=True,
                                null=True,
                                verbose_name="The new rule for serious patient events holds from",
                            ),
                        ),
                        (
                            "doctor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="municipal doctor",
                            ),
                        ),
                        (
                            "ict",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="contact for ICT",
                            ),
                        ),
                        (
                            "municipality",
                            models.OneToOneField(
                                limit_choices_to={"parent": None},
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duty_settings",
                                to="organisation.unit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "duties to tell",
                    },
                ),
                migrations.CreateModel(
                    name="TriageAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=12)),
                        (
                            "answer",
                            models.CharField(
                                choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Don't know yet")], max_length=8
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "deviation",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="triage",
                                to="deviations.deviation",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("deviation", "code"), name="triage_answered_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Comment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("text", models.TextField(verbose_name="comment")),
                        (
                            "for_reporter",
                            models.BooleanField(default=False, verbose_name="The reporter may read it too"),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "deviation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="comments",
                                to="deviations.deviation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Injury",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("happened_on", models.DateField(verbose_name="date")),
                        ("at_time", models.TimeField(blank=True, null=True, verbose_name="time of day")),
                        (
                            "harmed",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("accident", "Accident"),
                                    ("violence", "Violence or threats"),
                                    ("exposure", "Exposure to infection or substances"),
                                    ("illness", "Illness that may be due to work"),
                                ],
                                max_length=10,
                                verbose_name="what it is",
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("struck", "Struck by something"),
                                    ("collision", "Collision or run over"),
                                    ("overturned", "Overturned"),
                                    ("caught", "Jammed or caught"),
                                    ("fall", "Fall"),
                                    ("cut", "Cut or stabbed by something sharp"),
                                    ("electricity", "Electric current"),
                                    ("temperature", "High or low temperature"),
                                    ("chemicals", "Chemicals"),
                                    ("explosion", "Explosion, blasting or fire"),
                                    ("violence", "Inflicted violence"),
                                    ("threat", "Threat of violence"),
                                    ("lifting", "Lifting or strain"),
                                    ("other", "Something else"),
                                ],
                                max_length=12,
                                verbose_name="how it happened",
                            ),
                        ),
                        (
                            "absence",
                            models.CharField(
                                choices=[
                                    ("none", "No absence"),
                                    ("short", "Up to three days"),
                                    ("long", "More than three days"),
                                    ("unknown", "Not known yet"),
                                ],
                                default="unknown",
                                max_length=8,
                                verbose_name="absence",
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=400, verbose_name="in neutral words")),
                        (
                            "taken_out",
                            models.CharField(blank=True, max_length=300, verbose_name="why it is not in the register"),
                        ),
                        (
                            "deviation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="injury",
                                to="deviations.deviation",
                                verbose_name="case",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "line of the register of work injuries",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("taken_out", ""), _negated=True),
                                    models.Q(
                                        models.Q(("harmed", ""), _negated=True),
                                        models.Q(("cause", ""), _negated=True),
                                        models.Q(("text", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="injury_described_or_taken_out",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KeptList",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("query", models.CharField(blank=True, max_length=1000)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "shared_with",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                                verbose_name="shared with",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="kept_list_has_a_name"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Following",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "kept_list",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="followings",
                                to="deviations.keptlist",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("user", "kept_list"), name="following_once")],
                    },
                ),
                migrations.CreateModel(
                    name="WhistleCase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(editable=False, unique=True)),
                        ("events_count", models.PositiveIntegerField(default=0, editable=False)),
                        ("events_head", models.CharField(default="", editable=False, max_length=64)),
                        ("code_hash", models.CharField(editable=False, max_length=64, unique=True)),
                        ("visit", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("received", "New"),
                                    ("acknowledged", "Receipt given"),
                                    ("examining", "Being looked into"),
                                    ("concluded", "Concluded"),
                                    ("passed_on", "Passed on to an authority"),
                                    ("other", "Not whistle-blowing"),
                                ],
                                default="received",
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "matter",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("life", "Danger to life or health"),
                                    ("climate", "Danger to the climate or the environment"),
                                    ("corruption", "Corruption or other economic crime"),
                                    ("power", "Abuse of authority"),
                                    ("work", "A working environment that isn’t sound"),
                                    ("privacy", "Breach of the security of personal data"),
                                    ("other", "Something else that breaks the law, our ethical rules or common norms"),
                                ],
                                max_length=12,
                                verbose_name="what it is about",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="what it is")),
                        ("place", models.CharField(blank=True, max_length=200, verbose_name="where")),
                        ("happened", models.CharField(blank=True, max_length=200, verbose_name="when")),
                        ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("receipt_by", models.DateField()),
                        ("acknowledged_at", models.DateTimeField(null=True)),
                        ("waits_since", models.DateTimeField(null=True)),
                        ("outcome", models.TextField(blank=True, verbose_name="answer to the whistle-blower")),
                        ("passed_to", models.CharField(blank=True, max_length=200, verbose_name="which authority")),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("protect_on", models.DateField(null=True)),
                        ("erased_at", models.DateTimeField(null=True)),
                        (
                            "municipality",
                            models.ForeignKey(
                                limit_choices_to={"parent": None},
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["municipality", "-received_at"], name="whistle_of_municipality")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("acknowledged_at", None), ("state", "received")),
                                    models.Q(
                                        models.Q(("state", "received"), _negated=True),
                                        ("acknowledged_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="whistle_receipt_follows_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_at__isnull", False), ("state__in", ("concluded", "passed_on", "other"))
                                    ),
                                    models.Q(
                                        models.Q(("state__in", ("concluded", "passed_on", "other")), _negated=True),
                                        ("ended_at", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="whistle_end_follows_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "passed_on"), _negated=True),
                                    models.Q(("passed_to", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="whistle_passed_on_to_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("erased_at__isnull", False),
                                    models.Q(("text", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="whistle_says_something_until_erased",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ("concluded", "passed_on", "other")), _negated=True),
                                    ("erased_at__isnull", False),
                                    models.Q(("outcome", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="whistle_end_has_answer_until_erased",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("erased_at", None),
                                    models.Q(
                                        ("happened", ""),
                                        ("outcome", ""),
                                        ("place", ""),
                                        ("state__in", ("concluded", "passed_on", "other")),
                                        ("text", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="whistle_erased_is_empty",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WhistleConcern",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="concerns",
                                to="deviations.whistlecase",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("case", "user"), name="whistle_concern_once")],
                    },
                ),
                migrations.CreateModel(
                    name="WhistleEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "to",
                            models.CharField(
                                choices=[
                                    ("recipients", "from the whistle-blower"),
                                    ("reporter", "to the whistle-blower"),
                                    ("note", "among the recipients"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("text", models.TextField()),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="entries",
                                to="deviations.whistlecase",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "whistle entries",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("author", None), ("to", "recipients")),
                                    models.Q(models.Q(("to", "recipients"), _negated=True), ("author__isnull", False)),
                                    _connector="OR",
                                ),
                                name="whistle_reporter_is_no_author",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WhistleEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("type", models.CharField(max_length=40)),
                        ("at", models.DateTimeField()),
                        ("data", models.JSONField(default=dict)),
                        ("hash", models.CharField(max_length=64)),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="deviations.whistlecase",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("case", "number"), name="whistle_event_one_of_each_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WhistleIdentity",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("reach", models.CharField(blank=True, max_length=200, verbose_name="phone or e-mail")),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="identity",
                                to="deviations.whistlecase",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="whistle_identity_has_name"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WhistleRecipient",
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
                        ("address", models.EmailField(max_length=254)),
                        ("appointed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("sees_all_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "municipality",
                            models.ForeignKey(
                                limit_choices_to={"parent": None},
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="whistle_recipients",
                                to="organisation.unit",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receives_whistles",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("municipality", "user"),
                                name="whistle_recipient_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WhistleSettings",
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
                            "receipt_days",
                            models.PositiveSmallIntegerField(
                                default=7,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(30),
                                ],
                                verbose_name="the whistle-blower gets a receipt within",
                            ),
                        ),
                        (
                            "protect_days",
                            models.PositiveSmallIntegerField(
                                default=90,
                                validators=[
                                    django.core.validators.MinValueValidator(14),
                                    django.core.validators.MaxValueValidator(730),
                                ],
                                verbose_name="how the whistle-blower is treated is looked at after",
                            ),
                        ),
                        (
                            "keep_months",
                            models.PositiveSmallIntegerField(
                                default=24,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(120),
                                ],
                                verbose_name="what was written is deleted after",
                            ),
                        ),
                        (
                            "instead",
                            models.TextField(
                                blank=True,
                                max_length=500,
                                verbose_name="whom to turn to when it concerns all recipients",
                            ),
                        ),
                        (
                            "municipality",
                            models.OneToOneField(
                                limit_choices_to={"parent": None},
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="whistle_settings",
                                to="organisation.unit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "settings of the whistle-blowing channel",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("keep_months__range", (1, 120)),
                                    ("protect_days__range", (14, 730)),
                                    ("receipt_days__range", (1, 30)),
                                ),
                                name="whistle_settings_within_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CauseAnalysis",
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
                            "learn",
                            models.CharField(
                                blank=True,
                                choices=[("little", "Little"), ("some", "Something"), ("much", "A lot")],
                                max_length=10,
                                verbose_name="how much is there to learn",
                            ),
                        ),
                        (
                            "known",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "Yes, we know why"), ("partly", "Partly"), ("no", "No")],
                                max_length=10,
                                verbose_name="do we know why already",
                            ),
                        ),
                        (
                            "reach",
                            models.CharField(
                                blank=True,
                                choices=[("one", "Only here"), ("several", "In other units too")],
                                max_length=10,
                                verbose_name="where it may happen",
                            ),
                        ),
                        (
                            "response",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("swarm", "Talk at once"),
                                    ("after_action", "After-action review"),
                                    ("team", "Team review"),
                                    ("theme", "Thematic review"),
                                    ("full", "Full investigation"),
                                ],
                                max_length=15,
                                verbose_name="how we look into it",
                            ),
                        ),
                        (
                            "peers",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("yes", "Yes, they would have done the same"),
                                    ("no", "No, they would have done something else"),
                                    ("unsure", "We don't know"),
                                ],
                                max_length=10,
                                verbose_name="would others have done the same",
                            ),
                        ),
                        ("peers_note", models.TextField(blank=True, verbose_name="what makes us think so")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "created_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "deviation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cause_analysis",
                                to="deviations.deviation",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.unit"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Moment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("at", models.DateTimeField(blank=True, null=True, verbose_name="when")),
                        ("what", models.TextField(verbose_name="what happened")),
                        (
                            "expected",
                            models.TextField(blank=True, verbose_name="what was meant to happen, and what differed"),
                        ),
                        (
                            "analysis",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="moments",
                                to="deviations.causeanalysis",
                            ),
                        ),
                    ],
                    options={
                        "ordering": [models.OrderBy(models.F("at"), nulls_last=True), "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="AnalysisStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "response",
                            models.CharField(
                                choices=[
                                    ("swarm", "Talk at once"),
                                    ("after_action", "After-action review"),
                                    ("team", "Team review"),
                                    ("theme", "Thematic review"),
                                    ("full", "Full investigation"),
                                ],
                                max_length=15,
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("done", models.BooleanField(default=False)),
                        ("note", models.TextField(blank=True)),
                        (
                            "analysis",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="deviations.causeanalysis",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("analysis", "response", "number"), name="analysis_step_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Why",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("text", models.TextField(verbose_name="why")),
                        (
                            "weight",
                            models.CharField(
                                blank=True,
                                choices=[("root", "Root cause"), ("contributing", "Contributing cause")],
                                max_length=15,
                                verbose_name="is it a cause",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("people", "People"),
                                    ("tasks", "Tasks"),
                                    ("tools", "Tools and equipment"),
                                    ("surroundings", "Surroundings"),
                                    ("organisation", "Organisation"),
                                    ("outside", "Outside us"),
                                ],
                                max_length=15,
                                verbose_name="where it lies",
                            ),
                        ),
                        (
                            "analysis",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="whys",
                                to="deviations.causeanalysis",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="whys",
                                to="deviations.why",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", ""), ("weight", "")),
                                    models.Q(
                                        models.Q(("weight", ""), _negated=True), models.Q(("kind", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="why_cause_has_its_kind",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OtherSystem",
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
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        (
                            "brings",
                            models.CharField(
                                choices=[("cases", "Cases, one by one"), ("counts", "Counts: how many a day")],
                                max_length=6,
                                verbose_name="what comes",
                            ),
                        ),
                        (
                            "handled_here",
                            models.BooleanField(default=False, verbose_name="what is open there is handled here"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        ("columns", models.JSONField(blank=True, default=dict)),
                        ("units", models.JSONField(blank=True, default=dict)),
                        ("categories", models.JSONField(blank=True, default=dict)),
                        ("token_hash", models.CharField(blank=True, db_index=True, max_length=64)),
                        ("token_made_at", models.DateTimeField(blank=True, null=True)),
                        ("token_used_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.unit"
                            ),
                        ),
                        ("sure_units", models.JSONField(blank=True, default=dict)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("municipality", "name"), name="other_system_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("token_hash", ""), ("token_made_at", None)),
                                    models.Q(
                                        models.Q(("token_hash", ""), _negated=True), ("token_made_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="other_system_token_both_or_neither",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Bringing",
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
                        ("headings", models.JSONField(default=list)),
                        ("columns", models.JSONField(default=dict)),
                        ("rows", models.JSONField(default=list)),
                        ("total", models.PositiveIntegerField(default=0)),
                        ("begun_at", models.DateTimeField(editable=False, null=True)),
                        ("worked_at", models.DateTimeField(editable=False, null=True)),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                        ("outcome", models.JSONField(default=dict)),
                        ("refused", models.JSONField(default=list)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "system",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.othersystem",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="BroughtCase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("foreign_id", models.CharField(max_length=80)),
                        ("digest", models.CharField(max_length=64)),
                        ("said", models.JSONField(default=dict)),
                        ("came_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "deviation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="elsewhere",
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "system",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="deviations.othersystem",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("system", "foreign_id"), name="brought_case_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BroughtCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("level_0", models.BigIntegerField(editable=False, null=True)),
                        ("level_1", models.BigIntegerField(editable=False, null=True)),
                        ("level_2", models.BigIntegerField(editable=False, null=True)),
                        ("level_3", models.BigIntegerField(editable=False, null=True)),
                        ("level_4", models.BigIntegerField(editable=False, null=True)),
                        ("foreign_id", models.CharField(max_length=120)),
                        ("date", models.DateField(verbose_name="day")),
                        ("n", models.PositiveIntegerField()),
                        (
                            "category",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.category",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                        (
                            "system",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="counts",
                                to="deviations.othersystem",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["level_0", "date"], name="brought_count_of_place")],
                        "constraints": [
                            models.UniqueConstraint(fields=("system", "foreign_id"), name="brought_count_once")
                        ],
                    },
                ),
            ],
        ),
        migrations.RunPython(whistle_blowing.put_up, whistle_blowing.take_down),
    ]

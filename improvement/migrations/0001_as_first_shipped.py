"""The tables of a new database, and what the replaced steps did besides. Databases from before take those steps."""

import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import kvalitetslosen.database.together


class Migration(migrations.Migration):
    replaces = [
        ("improvement", "0001_initial"),
        ("improvement", "0002_colleagues_see_what_was_done"),
        ("improvement", "0003_measures"),
        ("improvement", "0004_effect_checks"),
        ("improvement", "0005_inquiries"),
        ("improvement", "0006_parts_of_actions"),
        ("improvement", "0007_improvement_work"),
        ("improvement", "0008_year_tasks"),
        ("improvement", "0009_meetings"),
        ("improvement", "0010_stories"),
        ("improvement", "0011_a_leaders_first_week"),
        ("improvement", "0012_pulse"),
        ("improvement", "0013_risk_analysis"),
    ]

    initial = True

    dependencies = [
        ("deviations", "0001_as_first_shipped"),
        ("documents", "0001_as_first_shipped"),
        ("networks", "0001_initial"),
        ("organisation", "0001_as_first_shipped"),
    ]

    operations = [
        kvalitetslosen.database.together.CreateTogether(
            models=[
                migrations.CreateModel(
                    name="Measure",
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
                        ("name", models.CharField(max_length=120, verbose_name="what is measured")),
                        ("explained", models.TextField(blank=True, verbose_name="how it is measured")),
                        (
                            "nature",
                            models.CharField(
                                choices=[
                                    ("number", "A number: minutes, kroner, a score"),
                                    ("count", "How many times something happened"),
                                    ("rate", "How many times, of so many days or visits"),
                                    ("share", "How many of so many: a share"),
                                    ("days", "Days between each time it happens"),
                                ],
                                max_length=10,
                                verbose_name="what is written down",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("collected", "We count or measure it ourselves"),
                                    ("cases", "The cases reported here"),
                                    ("ticks", "The ticks on the tally sheets"),
                                ],
                                max_length=10,
                                verbose_name="where the values come from",
                            ),
                        ),
                        (
                            "rhythm",
                            models.CharField(
                                choices=[
                                    ("week", "Every week"),
                                    ("month", "Every month"),
                                    ("event", "Each time it happens"),
                                ],
                                max_length=10,
                                verbose_name="how often",
                            ),
                        ),
                        (
                            "better",
                            models.CharField(
                                choices=[("up", "Up"), ("down", "Down"), ("neither", "Neither: we only follow it")],
                                max_length=10,
                                verbose_name="which way is good",
                            ),
                        ),
                        ("size_name", models.CharField(blank=True, max_length=60, verbose_name="out of what")),
                        ("per", models.PositiveIntegerField(default=1, verbose_name="shown for each")),
                        ("changed_on", models.DateField(blank=True, null=True, verbose_name="day of the change")),
                        (
                            "begins_on",
                            models.DateField(default=django.utils.timezone.localdate, verbose_name="followed from"),
                        ),
                        (
                            "due_on",
                            models.DateField(blank=True, null=True, verbose_name="next value is expected from"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("followed", "Followed"), ("ended", "Ended")],
                                default="followed",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "verdict",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("improved", "Improved"),
                                    ("unchanged", "Unchanged"),
                                    ("worse", "Worse"),
                                    ("too_early", "Too early to say"),
                                ],
                                max_length=10,
                                verbose_name="how it went",
                            ),
                        ),
                        ("verdict_words", models.TextField(blank=True, verbose_name="in own words")),
                        ("judged_on", models.DateField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                            "invited",
                            models.ManyToManyField(
                                blank=True, related_name="invited_to_measures", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who answers for it",
                            ),
                        ),
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
                        "indexes": [
                            models.Index(
                                condition=models.Q(("level_0__isnull", False)),
                                fields=["level_0", "state", "name", "id"],
                                name="measure_all_0",
                            ),
                            models.Index(
                                condition=models.Q(("level_1__isnull", False)),
                                fields=["level_1", "state", "name", "id"],
                                name="measure_all_1",
                            ),
                            models.Index(
                                condition=models.Q(("level_2__isnull", False)),
                                fields=["level_2", "state", "name", "id"],
                                name="measure_all_2",
                            ),
                            models.Index(
                                condition=models.Q(("level_3__isnull", False)),
                                fields=["level_3", "state", "name", "id"],
                                name="measure_all_3",
                            ),
                            models.Index(
                                condition=models.Q(("level_4__isnull", False)),
                                fields=["level_4", "state", "name", "id"],
                                name="measure_all_4",
                            ),
                            models.Index(fields=["owner", "due_on"], name="measure_owned"),
                            models.Index(
                                condition=models.Q(("due_on__isnull", False)), fields=["due_on"], name="measure_due"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("judged_on", None), ("verdict", ""), ("verdict_words", "")),
                                    models.Q(
                                        models.Q(("verdict", ""), _negated=True),
                                        models.Q(("verdict_words", ""), _negated=True),
                                        ("judged_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="measure_judged_in_words",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("category", None), ("source", "collected")),
                                    models.Q(
                                        models.Q(("source", "collected"), _negated=True),
                                        ("better", "neither"),
                                        ("due_on", None),
                                        ("nature", "count"),
                                        ("rhythm", "month"),
                                    ),
                                    _connector="OR",
                                ),
                                name="measure_of_reports_has_no_good_way",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("nature", "days"), ("rhythm", "event")),
                                    models.Q(
                                        models.Q(("nature", "days"), _negated=True),
                                        models.Q(("rhythm", "event"), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="measure_of_days_follows_events",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state", "followed"), ("due_on", None), _connector="OR"),
                                name="measure_ended_expects_nothing",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("per__gte", 1)), name="measure_per_at_least_one"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Improvement",
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
                        ("title", models.CharField(max_length=120, verbose_name="what is to be better")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("analyse", "Analyse"),
                                    ("goal", "Goal"),
                                    ("solutions", "Possible solutions"),
                                    ("choose", "Choose"),
                                    ("try", "Try"),
                                    ("measure", "Measure"),
                                    ("formalise", "Formalise"),
                                    ("finished", "Finished"),
                                    ("given_up", "Given up"),
                                ],
                                default="analyse",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("analysis", models.TextField(blank=True, verbose_name="how it is today")),
                        ("goal", models.CharField(blank=True, max_length=200, verbose_name="the goal")),
                        ("number_now", models.CharField(blank=True, max_length=40, verbose_name="the number today")),
                        (
                            "number_goal",
                            models.CharField(blank=True, max_length=40, verbose_name="the number to reach"),
                        ),
                        ("goal_on", models.DateField(blank=True, null=True, verbose_name="to be reached by")),
                        ("measured", models.TextField(blank=True, verbose_name="what the numbers say")),
                        ("without_document", models.TextField(blank=True)),
                        ("result", models.TextField(blank=True, verbose_name="what came of it")),
                        ("next_on", models.DateField(blank=True, null=True, verbose_name="next step by")),
                        ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("moved_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "invited",
                            models.ManyToManyField(
                                blank=True, related_name="invited_to_improvements", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "measures",
                            models.ManyToManyField(blank=True, related_name="improvements", to="improvement.measure"),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who leads the work",
                            ),
                        ),
                        (
                            "sheet",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.tallysheet",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="improvements",
                                to="documents.version",
                            ),
                        ),
                        (
                            "cases",
                            models.ManyToManyField(
                                blank=True,
                                related_name="improvements",
                                through="improvement.ImprovementCase",
                                through_fields=("improvement", "deviation"),
                                to="deviations.deviation",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("level_0__isnull", False)),
                                fields=["level_0", "state", "-moved_at"],
                                name="improvement_board_0",
                            ),
                            models.Index(
                                condition=models.Q(("level_1__isnull", False)),
                                fields=["level_1", "state", "-moved_at"],
                                name="improvement_board_1",
                            ),
                            models.Index(
                                condition=models.Q(("level_2__isnull", False)),
                                fields=["level_2", "state", "-moved_at"],
                                name="improvement_board_2",
                            ),
                            models.Index(
                                condition=models.Q(("level_3__isnull", False)),
                                fields=["level_3", "state", "-moved_at"],
                                name="improvement_board_3",
                            ),
                            models.Index(
                                condition=models.Q(("level_4__isnull", False)),
                                fields=["level_4", "state", "-moved_at"],
                                name="improvement_board_4",
                            ),
                            models.Index(fields=["owner", "state", "next_on"], name="improvement_owned"),
                            models.Index(fields=["unit", "state", "-finished_at"], name="improvement_told"),
                            models.Index(
                                condition=models.Q(("next_on__isnull", False)),
                                fields=["next_on"],
                                name="improvement_next",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("finished_at__isnull", False),
                                        ("state", "finished"),
                                        models.Q(("result", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state", "finished"), _negated=True),
                                        ("finished_at", None),
                                        ("result", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="improvement_finished_in_words",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ("analyse", "given_up")),
                                    models.Q(("analysis", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="improvement_analysed_first",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ("analyse", "goal", "given_up")),
                                    models.Q(
                                        models.Q(("goal", ""), _negated=True),
                                        models.Q(("number_goal", ""), _negated=True),
                                        ("goal_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="improvement_goal_has_a_number_and_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "finished"), _negated=True),
                                    ("version__isnull", False),
                                    models.Q(("without_document", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="improvement_made_the_usual_way",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ("finished", "given_up")), _negated=True),
                                    ("next_on", None),
                                    _connector="OR",
                                ),
                                name="improvement_ended_has_no_next_step",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Forum",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("leaders", "Leaders’ meeting"),
                                    ("team", "Team meeting"),
                                    ("board", "Board meeting by the wall"),
                                    ("amu", "Working environment committee"),
                                    ("review", "Management review"),
                                    ("audit", "Audit"),
                                    ("peers", "Community of practice"),
                                ],
                                max_length=10,
                                verbose_name="which agenda",
                            ),
                        ),
                        (
                            "every",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("week", "Every week"),
                                    ("month", "Every month"),
                                    ("quarter", "Every quarter"),
                                    ("year", "Once a year"),
                                ],
                                max_length=10,
                                verbose_name="how often",
                            ),
                        ),
                        ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "leader",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who leads it",
                            ),
                        ),
                        (
                            "members",
                            models.ManyToManyField(
                                related_name="forums", to=settings.AUTH_USER_MODEL, verbose_name="members"
                            ),
                        ),
                        (
                            "network",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="forums",
                                to="networks.network",
                                verbose_name="network",
                            ),
                        ),
                        (
                            "secretary",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who takes the minutes",
                            ),
                        ),
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("network", None), models.Q(("kind", "peers"), _negated=True)),
                                    models.Q(("kind", "peers"), ("network__isnull", False)),
                                    _connector="OR",
                                ),
                                name="forum_across_municipalities_counts_nothing",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Meeting",
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
                        ("starts_at", models.DateTimeField(verbose_name="when")),
                        ("lasts", models.PositiveSmallIntegerField(default=60, verbose_name="minutes")),
                        ("place", models.CharField(blank=True, max_length=120, verbose_name="where")),
                        ("period_first", models.DateField(verbose_name="about the time from")),
                        ("period_last", models.DateField(verbose_name="to")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("held", "Held"),
                                    ("approved", "Minutes approved"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="planned",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("sent_at", models.DateTimeField(editable=False, null=True)),
                        ("sequence", models.PositiveSmallIntegerField(default=0, editable=False)),
                        ("held_at", models.DateTimeField(editable=False, null=True)),
                        ("approved_at", models.DateTimeField(editable=False, null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "approved_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "forum",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="meetings",
                                to="improvement.forum",
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
                        "indexes": [
                            models.Index(fields=["forum", "-starts_at", "-id"], name="meeting_of_forum"),
                            models.Index(
                                condition=models.Q(("state__in", ("planned", "held"))),
                                fields=["starts_at"],
                                name="meeting_open",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("approved_at__isnull", False),
                                        ("approved_by__isnull", False),
                                        ("state", "approved"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "approved"), _negated=True),
                                        ("approved_at", None),
                                        ("approved_by", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="meeting_approved_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("period_last__gte", models.F("period_first"))),
                                name="meeting_period_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("lasts__range", (5, 600))), name="meeting_lasts_a_while"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AgendaItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=30)),
                        ("heading", models.CharField(max_length=120, verbose_name="heading")),
                        ("words", models.TextField(blank=True, verbose_name="what it says")),
                        ("position", models.PositiveSmallIntegerField()),
                        ("chosen", models.BooleanField(default=True)),
                        ("by_hand", models.BooleanField(default=False)),
                        ("edits", models.PositiveIntegerField(default=0)),
                        ("happened", models.TextField(blank=True, verbose_name="What happened?")),
                        ("why", models.TextField(blank=True, verbose_name="Why?")),
                        ("typical", models.TextField(blank=True, verbose_name="What is typical?")),
                        ("tries", models.TextField(blank=True, verbose_name="What do we try?")),
                        ("decision", models.TextField(blank=True, verbose_name="decision")),
                        ("told", models.TextField(blank=True, verbose_name="answer to the reporter")),
                        (
                            "brought_by",
                            models.ForeignKey(
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agenda_items",
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="improvement.meeting",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                        "indexes": [models.Index(fields=["meeting", "position"], name="agenda_item_of_meeting")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("deviation__isnull", False), ("kind", "case")),
                                    models.Q(models.Q(("kind", "case"), _negated=True), ("deviation", None)),
                                    _connector="OR",
                                ),
                                name="agenda_item_case_has_one",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("deviation__isnull", False)),
                                fields=("meeting", "deviation"),
                                name="agenda_item_case_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RiskAnalysis",
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
                        ("title", models.CharField(max_length=120, verbose_name="what is analysed")),
                        ("about", models.TextField(blank=True, verbose_name="what it covers")),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "Being made"), ("applies", "Applies"), ("withdrawn", "Withdrawn")],
                                default="draft",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("review_on", models.DateField(blank=True, null=True, verbose_name="reviewed by")),
                        ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("applies_from", models.DateTimeField(blank=True, null=True)),
                        ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
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
                        "indexes": [
                            models.Index(
                                condition=models.Q(("level_0__isnull", False)),
                                fields=["level_0", "state", "review_on"],
                                name="risk_list_0",
                            ),
                            models.Index(
                                condition=models.Q(("level_1__isnull", False)),
                                fields=["level_1", "state", "review_on"],
                                name="risk_list_1",
                            ),
                            models.Index(
                                condition=models.Q(("level_2__isnull", False)),
                                fields=["level_2", "state", "review_on"],
                                name="risk_list_2",
                            ),
                            models.Index(
                                condition=models.Q(("level_3__isnull", False)),
                                fields=["level_3", "state", "review_on"],
                                name="risk_list_3",
                            ),
                            models.Index(
                                condition=models.Q(("level_4__isnull", False)),
                                fields=["level_4", "state", "review_on"],
                                name="risk_list_4",
                            ),
                            models.Index(fields=["owner", "state", "review_on"], name="risk_owned"),
                            models.Index(
                                condition=models.Q(("review_on__isnull", False)),
                                fields=["review_on"],
                                name="risk_review",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("review_on__isnull", False), ("state", "applies")),
                                    models.Q(models.Q(("state", "applies"), _negated=True), ("review_on", None)),
                                    _connector="OR",
                                ),
                                name="risk_reviewed_while_it_applies",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("applies_from", None), ("state", "draft")),
                                    models.Q(("applies_from__isnull", False), ("state", "applies")),
                                    ("state", "withdrawn"),
                                    _connector="OR",
                                ),
                                name="risk_applies_from_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "withdrawn"), ("withdrawn_at__isnull", False)),
                                    models.Q(models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_at", None)),
                                    _connector="OR",
                                ),
                                name="risk_withdrawn_at_follows_state",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hazard",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("what", models.CharField(max_length=200, verbose_name="what can happen")),
                        ("causes", models.TextField(blank=True, verbose_name="causes")),
                        ("consequences", models.TextField(blank=True, verbose_name="what it leads to")),
                        ("prevented_by", models.TextField(blank=True, verbose_name="what prevents it today")),
                        ("consequence", models.PositiveSmallIntegerField(verbose_name="consequence")),
                        ("probability", models.PositiveSmallIntegerField(verbose_name="probability")),
                        ("expected_consequence", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("expected_probability", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "acceptance",
                            models.CharField(
                                blank=True, choices=[("accepted", "Accepted"), ("not", "Not accepted")], max_length=10
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="why")),
                        (
                            "cases",
                            models.ManyToManyField(
                                blank=True,
                                related_name="hazards",
                                through="improvement.HazardCase",
                                through_fields=("hazard", "deviation"),
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "analysis",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hazards",
                                to="improvement.riskanalysis",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("analysis", "number"), name="hazard_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(("consequence__range", (1, 5)), ("probability__range", (1, 5))),
                                name="hazard_in_the_matrix",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("expected_consequence", None), ("expected_probability", None)),
                                    models.Q(
                                        ("expected_consequence__range", (1, 5)),
                                        ("expected_probability__range", (1, 5)),
                                    ),
                                    _connector="OR",
                                ),
                                name="hazard_expected_in_the_matrix",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("acceptance", ""), ("reason", "")),
                                    models.Q(
                                        models.Q(("acceptance", ""), _negated=True),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="hazard_accepted_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Action",
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
                        ("what", models.TextField(verbose_name="what is to be done")),
                        ("deadline", models.DateField(verbose_name="deadline")),
                        (
                            "strength",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("strong", "Strong: makes the mistake impossible or hard to make"),
                                    ("medium", "Medium: checklists, fewer distractions, a second pair of eyes"),
                                    ("weak", "Weak: reminders, training, new procedures"),
                                ],
                                max_length=10,
                                verbose_name="strength",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("under_way", "Under way"),
                                    ("done", "Done"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="planned",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "goes_on",
                            models.BooleanField(default=False, verbose_name="goes on after the case is closed"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, editable=False, verbose_name="planned"
                            ),
                        ),
                        ("done_note", models.TextField(blank=True, verbose_name="what was done")),
                        ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
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
                            "deviation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to="deviations.deviation",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who does it",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "shared",
                            models.BooleanField(default=False, verbose_name="shown to colleagues when it is done"),
                        ),
                        (
                            "improvement",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to="improvement.improvement",
                                verbose_name="improvement",
                            ),
                        ),
                        (
                            "agenda_item",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to="improvement.agendaitem",
                            ),
                        ),
                        (
                            "hazard",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to="improvement.hazard",
                                verbose_name="hazard",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("closed_at", None), ("level_0__isnull", False)),
                                fields=["level_0", "deadline", "id"],
                                name="action_open_0",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at", None), ("level_1__isnull", False)),
                                fields=["level_1", "deadline", "id"],
                                name="action_open_1",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at", None), ("level_2__isnull", False)),
                                fields=["level_2", "deadline", "id"],
                                name="action_open_2",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at", None), ("level_3__isnull", False)),
                                fields=["level_3", "deadline", "id"],
                                name="action_open_3",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at", None), ("level_4__isnull", False)),
                                fields=["level_4", "deadline", "id"],
                                name="action_open_4",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at", None)),
                                fields=["owner", "deadline", "id"],
                                name="action_owned",
                            ),
                            models.Index(
                                condition=models.Q(("closed_at", None)), fields=["deadline", "id"], name="action_due"
                            ),
                            models.Index(
                                condition=models.Q(("closed_at__isnull", False)),
                                fields=["-closed_at", "-id"],
                                name="action_ended",
                            ),
                            models.Index(
                                condition=models.Q(("shared", True), ("state", "done")),
                                fields=["unit", "-closed_at", "-id"],
                                name="action_shared",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("state__in", ("planned", "under_way"))),
                                    models.Q(("closed_at__isnull", False), ("state__in", ("done", "cancelled"))),
                                    _connector="OR",
                                ),
                                name="action_closed_at_follows_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("closed_by", None)),
                                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="action_closed_at_and_by_both_or_neither",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "done"), models.Q(("done_note", ""), _negated=True)),
                                    models.Q(models.Q(("state", "done"), _negated=True), ("done_note", "")),
                                    _connector="OR",
                                ),
                                name="action_done_says_what_was_done",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("goes_on", False), ("deviation__isnull", False), _connector="OR"),
                                name="action_outlives_a_case_only",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("hazard", None),
                                    models.Q(("deviation", None), ("improvement", None)),
                                    _connector="OR",
                                ),
                                name="action_of_one_thing",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChangeMark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField(verbose_name="day")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("change", "A change we made"),
                                    ("reporting", "A drive to report more, or a new form"),
                                    ("other", "Something else"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("what", models.CharField(max_length=200, verbose_name="what happened")),
                        ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "made_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "measure",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="marks",
                                to="improvement.measure",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["day", "pk"],
                        "indexes": [models.Index(fields=["measure", "day"], name="change_mark_of_measure")],
                    },
                ),
                migrations.CreateModel(
                    name="MeasureValue",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField(verbose_name="for when")),
                        ("value", models.DecimalField(decimal_places=3, max_digits=12, verbose_name="value")),
                        (
                            "size",
                            models.DecimalField(decimal_places=3, default=1, max_digits=12, verbose_name="out of"),
                        ),
                        ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "entered_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "measure",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="values",
                                to="improvement.measure",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["day"],
                        "constraints": [
                            models.UniqueConstraint(fields=("measure", "day"), name="measure_value_once"),
                            models.CheckConstraint(
                                condition=models.Q(("size__gt", 0)), name="measure_value_out_of_something"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EffectCheck",
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
                        ("criterion", models.TextField(verbose_name="what shows that it works")),
                        ("looks_from", models.DateField(verbose_name="looks at the time from")),
                        ("opens_on", models.DateField(verbose_name="looked at on")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("open", "To be looked at"),
                                    ("effective", "It worked"),
                                    ("ineffective", "It did not work"),
                                    ("dropped", "Dropped"),
                                ],
                                default="planned",
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        ("words", models.TextField(blank=True, verbose_name="what was seen")),
                        ("judged_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "deviation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="effect_checks",
                                to="deviations.deviation",
                                verbose_name="case",
                            ),
                        ),
                        (
                            "judged_by",
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
                            "measure",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="improvement.measure",
                                verbose_name="measure",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who looks",
                            ),
                        ),
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
                        "indexes": [
                            models.Index(
                                condition=models.Q(("level_0__isnull", False), ("state__in", ("planned", "open"))),
                                fields=["level_0", "opens_on", "id"],
                                name="effect_waiting_0",
                            ),
                            models.Index(
                                condition=models.Q(("level_1__isnull", False), ("state__in", ("planned", "open"))),
                                fields=["level_1", "opens_on", "id"],
                                name="effect_waiting_1",
                            ),
                            models.Index(
                                condition=models.Q(("level_2__isnull", False), ("state__in", ("planned", "open"))),
                                fields=["level_2", "opens_on", "id"],
                                name="effect_waiting_2",
                            ),
                            models.Index(
                                condition=models.Q(("level_3__isnull", False), ("state__in", ("planned", "open"))),
                                fields=["level_3", "opens_on", "id"],
                                name="effect_waiting_3",
                            ),
                            models.Index(
                                condition=models.Q(("level_4__isnull", False), ("state__in", ("planned", "open"))),
                                fields=["level_4", "opens_on", "id"],
                                name="effect_waiting_4",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ("planned", "open"))),
                                fields=["owner", "opens_on"],
                                name="effect_owned",
                            ),
                            models.Index(
                                condition=models.Q(("state", "planned")), fields=["opens_on"], name="effect_due"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("judged_at__isnull", False),
                                        ("judged_by__isnull", False),
                                        ("state__in", ("effective", "ineffective")),
                                        models.Q(("words", ""), _negated=True),
                                    ),
                                    models.Q(
                                        models.Q(("state__in", ("effective", "ineffective")), _negated=True),
                                        ("judged_at", None),
                                        ("judged_by", None),
                                        ("words", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="effect_judged_in_words",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("criterion", ""), _negated=True), name="effect_has_a_criterion"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("opens_on__gte", models.F("looks_from"))),
                                name="effect_opens_after_its_window_begins",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Inquiry",
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
                            "topic",
                            models.CharField(
                                choices=[
                                    ("learning", "What was learnt"),
                                    ("category", "Cases of a category"),
                                    ("case", "One case"),
                                    ("measure", "A measure"),
                                    ("help", "Help from above"),
                                ],
                                max_length=10,
                                verbose_name="about",
                            ),
                        ),
                        ("question", models.TextField(verbose_name="the question")),
                        ("counts", models.JSONField(blank=True, null=True)),
                        ("due_on", models.DateField(verbose_name="answer by")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("asked", "Asked"),
                                    ("answered", "Answered"),
                                    ("read", "Answer read"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="asked",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("answer", models.TextField(blank=True, verbose_name="the answer")),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("answered_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "asked",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "asker",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            ),
                        ),
                        (
                            "deviation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="inquiries",
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "measure",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="inquiries",
                                to="improvement.measure",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "upper",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["asked", "state", "due_on"], name="inquiry_asked"),
                            models.Index(fields=["asker", "state", "-asked_at"], name="inquiry_by"),
                            models.Index(fields=["upper", "-asked_at"], name="inquiry_upper"),
                            models.Index(
                                condition=models.Q(("state", "asked")), fields=["due_on"], name="inquiry_due"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("asker", models.F("asked")), _negated=True),
                                name="inquiry_to_somebody_else",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer", ""), ("answered_at", None), ("state__in", ("asked", "withdrawn"))
                                    ),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        ("state__in", ("answered", "read")),
                                        models.Q(("answer", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="inquiry_answered_in_words",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("deviation__isnull", False), ("topic", "case")),
                                    models.Q(models.Q(("topic", "case"), _negated=True), ("deviation", None)),
                                    _connector="OR",
                                ),
                                name="inquiry_about_a_case_has_one",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("measure__isnull", False), ("topic", "measure")),
                                    models.Q(models.Q(("topic", "measure"), _negated=True), ("measure", None)),
                                    _connector="OR",
                                ),
                                name="inquiry_about_a_measure_has_one",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("topic", "category"), ("category", None), _connector="OR"),
                                name="inquiry_about_a_category",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InquiryRhythm",
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
                            "topic",
                            models.CharField(
                                choices=[
                                    ("learning", "What was learnt"),
                                    ("category", "Cases of a category"),
                                    ("case", "One case"),
                                    ("measure", "A measure"),
                                    ("help", "Help from above"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("question", models.TextField(verbose_name="the question")),
                        ("day", models.PositiveSmallIntegerField(verbose_name="day of the month")),
                        ("next_on", models.DateField()),
                        ("begun_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "asker",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            ),
                        ),
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
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)), fields=["asker"], name="inquiry_rhythm_of"
                            ),
                            models.Index(
                                condition=models.Q(("ended_at", None)), fields=["next_on"], name="inquiry_rhythm_due"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("day__gte", 1), ("day__lte", 28)), name="inquiry_rhythm_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("topic", "category"),
                                    models.Q(("category", None), ("topic", "learning")),
                                    _connector="OR",
                                ),
                                name="inquiry_rhythm_about_a_unit",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ActionPart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("what", models.TextField(verbose_name="what is to be done")),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="by when")),
                        ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="improvement.action",
                                verbose_name="action",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who does it",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["owner", "action"], name="action_part_owned"),
                            models.Index(
                                condition=models.Q(("done_at", None)), fields=["action"], name="action_part_waits"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImprovementCase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "added_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "came_from",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "deviation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "improvement",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ties",
                                to="improvement.improvement",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("improvement", "deviation"), name="improvement_case_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Solution",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("what", models.CharField(max_length=300, verbose_name="what could help")),
                        (
                            "effort",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Small"), (2, "Medium"), (3, "Large")], default=2, verbose_name="effort"
                            ),
                        ),
                        (
                            "effect",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Small"), (2, "Medium"), (3, "Large")], default=2, verbose_name="effect"
                            ),
                        ),
                        ("chosen", models.BooleanField(default=False)),
                        ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "added_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "improvement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="solutions",
                                to="improvement.improvement",
                            ),
                        ),
                    ],
                    options={
                        "ordering": [
                            "-chosen",
                            models.OrderBy(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("effect"), "-", models.F("effort")
                                ),
                                descending=True,
                            ),
                            "-effect",
                            "pk",
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("effect__range", (1, 3)), ("effort__range", (1, 3))),
                                name="solution_small_medium_large",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Trial",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("change", models.TextField(verbose_name="what is tried")),
                        ("prediction", models.TextField(verbose_name="what we expect")),
                        (
                            "scale",
                            models.CharField(
                                choices=[
                                    ("person", "One person"),
                                    ("shift", "One shift"),
                                    ("unit", "One unit"),
                                    ("all", "All"),
                                ],
                                max_length=10,
                                verbose_name="how large",
                            ),
                        ),
                        ("begins_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="from")),
                        ("look_on", models.DateField(verbose_name="looked at on")),
                        ("seen", models.TextField(blank=True, verbose_name="what we saw")),
                        ("learnt", models.TextField(blank=True, verbose_name="what we learnt")),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("adopt", "Adopt it: it works, we keep it"),
                                    ("adapt", "Adapt it: change it, and try again"),
                                    ("abandon", "Abandon it: it doesn't work"),
                                ],
                                max_length=10,
                                verbose_name="what now",
                            ),
                        ),
                        ("planned_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("studied_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "improvement",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="trials",
                                to="improvement.improvement",
                            ),
                        ),
                        (
                            "planned_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("improvement", "number"), name="trial_number_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("studied_at", None)),
                                fields=("improvement",),
                                name="trial_one_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("prediction", ""), _negated=True), name="trial_predicted_first"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decision", ""), ("learnt", ""), ("seen", ""), ("studied_at", None)),
                                    models.Q(
                                        ("studied_at__isnull", False),
                                        models.Q(("seen", ""), _negated=True),
                                        models.Q(("learnt", ""), _negated=True),
                                        models.Q(("decision", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="trial_studied_in_words",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("look_on__gte", models.F("begins_on"))), name="trial_begins_first"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="YearTask",
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
                        ("series", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("ready", models.CharField(blank=True, editable=False, max_length=40)),
                        ("month", models.DateField(verbose_name="month")),
                        ("what", models.CharField(max_length=200, verbose_name="what is to be done")),
                        ("done_is", models.TextField(blank=True, verbose_name="when it is done")),
                        ("minutes", models.PositiveSmallIntegerField(default=60, verbose_name="minutes set aside")),
                        ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="time set aside")),
                        (
                            "recurrence",
                            models.CharField(
                                choices=[
                                    ("yearly", "Once a year"),
                                    ("half", "Every half-year"),
                                    ("quarterly", "Every quarter"),
                                    ("monthly", "Every month"),
                                ],
                                default="yearly",
                                max_length=10,
                                verbose_name="how often",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("planned", "Planned"), ("done", "Done"), ("skipped", "Skipped")],
                                default="planned",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("words", models.TextField(blank=True, verbose_name="in own words")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who does it",
                            ),
                        ),
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
                        "indexes": [
                            models.Index(fields=["unit", "month"], name="year_task_unit"),
                            models.Index(fields=["owner", "month"], name="year_task_owner"),
                            models.Index(
                                condition=models.Q(("state", "planned")), fields=["month"], name="year_task_waits"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("series", "month"), name="year_task_once_a_month"),
                            models.UniqueConstraint(
                                condition=models.Q(("ready", ""), _negated=True),
                                fields=("unit", "ready", "month"),
                                name="year_task_ready",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="year_task_month_by_its_first"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("minutes__lte", 600)), name="year_task_within_a_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("state", "planned"), ("words", "")),
                                    models.Q(
                                        models.Q(("state", "planned"), _negated=True),
                                        ("ended_at__isnull", False),
                                        models.Q(("words", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="year_task_ended_in_words",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attendance",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("present", models.BooleanField()),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "meeting",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attendance",
                                to="improvement.meeting",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("meeting", "user"), name="attendance_once")],
                    },
                ),
                migrations.CreateModel(
                    name="LearningStory",
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
                        ("hides_unit", models.BooleanField(default=False, verbose_name="don't say which unit")),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        ("happened", models.TextField(blank=True, verbose_name="what happened")),
                        ("made_sense", models.TextField(blank=True, verbose_name="why it made sense then")),
                        ("changed", models.TextField(blank=True, verbose_name="what we changed")),
                        ("helped", models.TextField(blank=True, verbose_name="did it help")),
                        ("wanted", models.TextField(blank=True, verbose_name="what the second reader wants changed")),
                        ("base", models.CharField(blank=True, default="", editable=False, max_length=120)),
                        (
                            "season",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("winter", "Winter"),
                                    ("spring", "Spring"),
                                    ("summer", "Summer"),
                                    ("autumn", "Autumn"),
                                ],
                                max_length=10,
                                verbose_name="time of year",
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year")),
                        ("chart", models.JSONField(blank=True, editable=False, null=True)),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("unit", "Those who work in the unit"),
                                    ("municipality", "Everybody in the municipality"),
                                    ("network", "The municipalities of a network"),
                                ],
                                default="unit",
                                max_length=15,
                                verbose_name="who reads it",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("reading", "Read for privacy"),
                                    ("published", "Published"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("sent_at", models.DateTimeField(editable=False, null=True)),
                        ("published_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.category",
                            ),
                        ),
                        (
                            "deviation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stories",
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "improvement",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="improvement.improvement",
                            ),
                        ),
                        (
                            "measure",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="improvement.measure",
                                verbose_name="chart",
                            ),
                        ),
                        (
                            "network",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="networks.network",
                            ),
                        ),
                        (
                            "reader",
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
                            "teller",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "published")),
                                fields=["level_0", "-published_at"],
                                name="story_here",
                            ),
                            models.Index(
                                condition=models.Q(("state", "published")),
                                fields=["network", "-published_at"],
                                name="story_shared",
                            ),
                            models.Index(fields=["teller", "state"], name="story_told_by"),
                            models.Index(
                                condition=models.Q(("state", "reading")),
                                fields=["reader", "sent_at"],
                                name="story_to_read",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reader", None),
                                    models.Q(("reader", models.F("teller")), _negated=True),
                                    _connector="OR",
                                ),
                                name="story_read_by_somebody_else",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ("draft", "withdrawn")),
                                    models.Q(("reader__isnull", False), ("sent_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="story_has_a_second_reader",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("published_at__isnull", False), ("state", "published")),
                                    models.Q(models.Q(("state", "published"), _negated=True), ("published_at", None)),
                                    _connector="OR",
                                ),
                                name="story_published_at_a_moment",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("audience", "network"), ("network__isnull", False)),
                                    models.Q(models.Q(("audience", "network"), _negated=True), ("network", None)),
                                    _connector="OR",
                                ),
                                name="story_for_a_network_has_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Adoption",
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
                            "helped",
                            models.CharField(
                                choices=[
                                    ("yes", "It helped"),
                                    ("partly", "It helped a little"),
                                    ("no", "It did not help"),
                                ],
                                max_length=10,
                                verbose_name="did it help",
                            ),
                        ),
                        ("words", models.TextField(verbose_name="the result")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                            "improvement",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="improvement.improvement",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "story",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adoptions",
                                to="improvement.learningstory",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("story", "unit"), name="story_tried_once_a_unit"),
                            models.CheckConstraint(
                                condition=models.Q(("words", ""), _negated=True), name="story_tried_in_words"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StoryQuestion",
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
                        ("question", models.TextField(verbose_name="the question")),
                        ("answer", models.TextField(blank=True, verbose_name="the answer")),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("answered_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "asker",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "story",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions",
                                to="improvement.learningstory",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["asked_at", "pk"],
                        "indexes": [
                            models.Index(fields=["story", "asked_at"], name="story_question_of"),
                            models.Index(fields=["asker"], name="story_question_by"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", ""), ("answered_at", None)),
                                    models.Q(("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="story_question_answered_in_words",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FirstWeek",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seen", models.JSONField(default=list)),
                        ("put_away_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "membership",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="organisation.membership",
                                verbose_name="role",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="PulseRound",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("opens_on", models.DateField()),
                        ("closes_on", models.DateField()),
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
                        "ordering": ["-opens_on", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("municipality", "opens_on"), name="pulse_once_a_quarter")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PulseAnswered",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="improvement.pulseround",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("round", "user"), name="pulse_answered_once")],
                    },
                ),
                migrations.CreateModel(
                    name="PulseTally",
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
                        ("question", models.CharField(max_length=10)),
                        ("value", models.PositiveSmallIntegerField()),
                        ("n", models.PositiveIntegerField(default=0)),
                        (
                            "round",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tallies",
                                to="improvement.pulseround",
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
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("round", "unit", "question", "value"), name="pulse_tally_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("value__range", (1, 10))), name="pulse_tally_from_one_to_ten"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HazardCase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "added_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "came_from",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "deviation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="deviations.deviation",
                            ),
                        ),
                        (
                            "hazard",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ties",
                                to="improvement.hazard",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("hazard", "deviation"), name="hazard_case_once")
                        ],
                    },
                ),
            ],
        ),
    ]

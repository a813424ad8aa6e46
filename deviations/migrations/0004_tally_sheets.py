import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deviations", "0003_reporter_waits"),
        ("organisation", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="may_be_ticked",
            field=models.BooleanField(default=False, verbose_name="may be ticked on a tally sheet"),
        ),
        migrations.CreateModel(
            name="TallyChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("events_count", models.PositiveIntegerField(default=0, editable=False)),
                ("events_head", models.CharField(default="", editable=False, max_length=64)),
                ("level_0", models.BigIntegerField(editable=False, null=True)),
                ("level_1", models.BigIntegerField(editable=False, null=True)),
                ("level_2", models.BigIntegerField(editable=False, null=True)),
                ("level_3", models.BigIntegerField(editable=False, null=True)),
                ("level_4", models.BigIntegerField(editable=False, null=True)),
                ("categories", models.ManyToManyField(blank=True, related_name="ticked_in", to="deviations.category")),
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
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
        ),
        migrations.CreateModel(
            name="Tick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
        ),
        migrations.AddIndex(
            model_name="tallysheet",
            index=models.Index(
                condition=models.Q(("level_0__isnull", False)), fields=["level_0", "month"], name="tally_sheet_0"
            ),
        ),
        migrations.AddIndex(
            model_name="tallysheet",
            index=models.Index(
                condition=models.Q(("level_1__isnull", False)), fields=["level_1", "month"], name="tally_sheet_1"
            ),
        ),
        migrations.AddIndex(
            model_name="tallysheet",
            index=models.Index(
                condition=models.Q(("level_2__isnull", False)), fields=["level_2", "month"], name="tally_sheet_2"
            ),
        ),
        migrations.AddIndex(
            model_name="tallysheet",
            index=models.Index(
                condition=models.Q(("level_3__isnull", False)), fields=["level_3", "month"], name="tally_sheet_3"
            ),
        ),
        migrations.AddIndex(
            model_name="tallysheet",
            index=models.Index(
                condition=models.Q(("level_4__isnull", False)), fields=["level_4", "month"], name="tally_sheet_4"
            ),
        ),
        migrations.AddIndex(
            model_name="tallysheet",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["handler", "month"], name="tally_sheet_in_hand"
            ),
        ),
        migrations.AddIndex(
            model_name="tallysheet",
            index=models.Index(condition=models.Q(("state", "open")), fields=["month"], name="tally_sheet_open"),
        ),
        migrations.AddConstraint(
            model_name="tallysheet",
            constraint=models.UniqueConstraint(fields=("unit", "month"), name="tally_sheet_once"),
        ),
        migrations.AddConstraint(
            model_name="tallysheet",
            constraint=models.CheckConstraint(condition=models.Q(("month__day", 1)), name="tally_sheet_of_a_month"),
        ),
        migrations.AddConstraint(
            model_name="tallysheet",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddIndex(
            model_name="tick",
            index=models.Index(fields=["sheet", "category", "date"], name="tick_of_sheet"),
        ),
        migrations.AddIndex(
            model_name="tick",
            index=models.Index(condition=models.Q(("by__isnull", False)), fields=["by", "-at"], name="tick_lately"),
        ),
        migrations.AddConstraint(
            model_name="tick",
            constraint=models.CheckConstraint(condition=models.Q(("harm__in", ["none", "mild"])), name="tick_is_mild"),
        ),
        migrations.AddConstraint(
            model_name="tick",
            constraint=models.CheckConstraint(
                condition=models.Q(("undone_at", None), ("became", None), _connector="OR"),
                name="tick_undone_or_a_case",
            ),
        ),
    ]

"""Counts and answerers of the pulse have random keys: numbers in the order they came would join the two.

The rows are copied in a random order into tables of their own, and those that are missing are made, so that neither
which are there nor where they lie tells who answered first.
"""

import random
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LEVELS = ("level_0", "level_1", "level_2", "level_3", "level_4")
TOP = {"told": 5, "fair": 5, "safe": 5, "discussed": 5, "time": 5, "asked": 5, "motivation": 10}


def copy(apps, schema_editor):
    before, anew = (apps.get_model("improvement", f"PulseAnswered{each}") for each in ("", "Anew"))
    answered = list(before.objects.values_list("round_id", "user_id"))
    random.shuffle(answered)
    anew.objects.bulk_create((anew(round_id=round, user_id=user) for round, user in answered), batch_size=500)
    before, anew = (apps.get_model("improvement", f"PulseTally{each}") for each in ("", "Anew"))
    counted, places = {}, {}
    for row in before.objects.all():
        counted[row.round_id, row.unit_id, row.question, row.value] = row.n
        places[row.round_id, row.unit_id] = {level: getattr(row, level) for level in LEVELS}
    rows = [
        anew(
            round_id=round, unit_id=unit, question=question, value=value,
            n=counted.get((round, unit, question, value), 0), **levels,
        )
        for (round, unit), levels in places.items()
        for question, top in TOP.items()
        for value in range(1, top + 1)
    ]  # fmt: skip
    random.shuffle(rows)
    anew.objects.bulk_create(rows, batch_size=500)
    # PostgreSQL looks at the rows' foreign keys at the end, and changes no table before it has.
    schema_editor.connection.check_constraints()


def to(model, name):
    return models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name=name, to=model)


class Migration(migrations.Migration):
    dependencies = [
        ("improvement", "0013_risk_analysis"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PulseAnsweredAnew",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("round", to("improvement.pulseround", "+")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PulseTallyAnew",
            fields=[
                *((level, models.BigIntegerField(editable=False, null=True)) for level in LEVELS),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("question", models.CharField(max_length=10)),
                ("value", models.PositiveSmallIntegerField()),
                ("n", models.PositiveIntegerField(default=0)),
                ("round", to("improvement.pulseround", "+")),
                ("unit", to("organisation.unit", "+")),
            ],
        ),
        migrations.RunPython(copy, migrations.RunPython.noop, elidable=True),
        migrations.DeleteModel(name="PulseAnswered"),
        migrations.DeleteModel(name="PulseTally"),
        migrations.RenameModel("PulseAnsweredAnew", "PulseAnswered"),
        migrations.RenameModel("PulseTallyAnew", "PulseTally"),
        migrations.AlterField("pulsetally", "round", to("improvement.pulseround", "tallies")),
        migrations.AddConstraint(
            model_name="pulseanswered",
            constraint=models.UniqueConstraint(fields=("round", "user"), name="pulse_answered_once"),
        ),
        migrations.AddConstraint(
            model_name="pulsetally",
            constraint=models.UniqueConstraint(fields=("round", "unit", "question", "value"), name="pulse_tally_once"),
        ),
        migrations.AddConstraint(
            model_name="pulsetally",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__range", (1, 10))), name="pulse_tally_from_one_to_ten"
            ),
        ),
    ]

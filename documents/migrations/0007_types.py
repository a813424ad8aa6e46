import uuid

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

KINDS = [
    ("policy", "Policy"),
    ("regulation", "Regulation"),
    ("plan", "Plan"),
    ("contingency_plan", "Contingency plan"),
    ("procedure", "Procedure"),
    ("routine", "Routine"),
    ("guideline", "Guideline"),
    ("instruction", "Instruction"),
    ("checklist", "Checklist"),
    ("form", "Form"),
    ("template", "Template"),
    ("action_card", "Action card"),
    ("guide", "Guidance document"),
    ("risk_assessment", "Risk assessment"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0006_finding_index"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("events_count", models.PositiveIntegerField(default=0, editable=False)),
                ("events_head", models.CharField(default="", editable=False, max_length=64)),
                ("base", models.CharField(blank=True, choices=KINDS, default="", editable=False, max_length=20)),
                (
                    "name",
                    models.CharField(blank=True, db_collation="nb", default="", max_length=60, verbose_name="name"),
                ),
                (
                    "letters",
                    models.CharField(
                        max_length=4,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-ZÆØÅ]+\\Z", "Write one to four capital letters."
                            )
                        ],
                    ),
                ),
                (
                    "with_unit_code",
                    models.BooleanField(default=False),
                ),
                (
                    "template",
                    models.TextField(blank=True, default=""),
                ),
                ("review_months", models.PositiveSmallIntegerField(default=24, verbose_name="months between reviews")),
                ("asks_hearing", models.BooleanField(default=False)),
                ("asks_approval", models.BooleanField(default=True)),
                ("required", models.JSONField(blank=True, default=list)),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("base", ""), _negated=True),
                        fields=("municipality", "base"),
                        name="document_type_once_a_kind",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        fields=("municipality", "name"),
                        name="document_type_name_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("base", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="document_type_has_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("review_months__range", (1, 120))),
                        name="document_type_review_within_ten_years",
                    ),
                ],
            },
        ),
        migrations.AlterField(
            model_name="counter",
            name="letters",
            field=models.CharField(max_length=20),
        ),
        migrations.AddField(
            model_name="document",
            name="keywords",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="document",
            name="type",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.documenttype",
            ),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="type",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.documenttype",
            ),
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0015_finding_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("later", "Comes later"),
                            ("asked", "Asked"),
                            ("approved", "Approved"),
                            ("changes_wanted", "Wants changes"),
                            ("dropped", "No longer asked"),
                        ],
                        default="later",
                        max_length=15,
                    ),
                ),
                ("asked_at", models.DateTimeField(null=True)),
                ("at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True, default="")),
            ],
        ),
        migrations.AddField(
            model_name="version",
            name="applies_from",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="version",
            name="without_approval",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="approval",
            name="approver",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="approver_for",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="documents.version"
            ),
        ),
        migrations.AddIndex(
            model_name="approval",
            index=models.Index(condition=models.Q(("state", "asked")), fields=["approver"], name="approval_asked"),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(fields=("version", "round", "approver"), name="approval_once_a_person"),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approver_for", None),
                    models.Q(("approver_for", models.F("approver")), _negated=True),
                    _connector="OR",
                ),
                name="approval_for_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("asked_at", None), ("state", "later")),
                    ("state", "dropped"),
                    models.Q(("asked_at__isnull", False), ("state__in", ["asked", "approved", "changes_wanted"])),
                    _connector="OR",
                ),
                name="approval_asked_at_follows_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["approved", "changes_wanted"]), _negated=True),
                    ("at__isnull", False),
                    _connector="OR",
                ),
                name="approval_answered_at_follows_state",
            ),
        ),
    ]

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0017_who_was_asked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="version",
            name="version_one_open_draft_a_document",
        ),
        migrations.RemoveConstraint(
            model_name="version",
            name="version_approved_and_numbered_when_in_force",
        ),
        migrations.RemoveConstraint(
            model_name="version",
            name="version_ended_at_follows_state",
        ),
        migrations.RemoveConstraint(
            model_name="version",
            name="version_approver_is_not_the_author",
        ),
        migrations.RemoveConstraint(
            model_name="version",
            name="version_approved_by_another_than_the_author",
        ),
        migrations.RemoveConstraint(
            model_name="version",
            name="version_sent_to_somebody",
        ),
        migrations.RemoveConstraint(
            model_name="version",
            name="version_approver_for_another",
        ),
        migrations.RemoveIndex(
            model_name="version",
            name="version_to_approve",
        ),
        migrations.RemoveField(
            model_name="version",
            name="approver",
        ),
        migrations.RemoveField(
            model_name="version",
            name="approver_for",
        ),
        migrations.AlterField(
            model_name="version",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("hearing", "In hearing"),
                    ("approval", "Waiting for approval"),
                    ("scheduled", "Applies later"),
                    ("in_force", "In force"),
                    ("replaced", "Replaced"),
                    ("withdrawn", "Withdrawn"),
                    ("discarded", "Discarded draft"),
                ],
                default="draft",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                condition=models.Q(("state", "scheduled")), fields=["applies_from"], name="version_scheduled"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("draft", "hearing", "approval", "scheduled"))),
                fields=("document",),
                name="version_one_open_draft_a_document",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("major", None),
                        ("minor", None),
                        ("state__in", ["draft", "hearing", "approval", "discarded"]),
                        ("approved_by", None),
                        ("in_force_from", None),
                    ),
                    models.Q(
                        ("in_force_from", None),
                        ("major", None),
                        ("minor", None),
                        ("state", "scheduled"),
                        ("applies_from__isnull", False),
                        ("approved_by__isnull", False),
                    ),
                    models.Q(
                        ("major__isnull", False),
                        ("minor__isnull", False),
                        ("state__in", ("in_force", "replaced", "withdrawn")),
                        ("approved_by__isnull", False),
                        ("in_force_from__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="version_approved_and_numbered_when_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at", None), ("state__in", ["draft", "hearing", "approval", "scheduled", "in_force"])
                    ),
                    models.Q(("ended_at__isnull", False), ("state__in", ["replaced", "withdrawn", "discarded"])),
                    _connector="OR",
                ),
                name="version_ended_at_follows_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None),
                    ("approved_elsewhere", True),
                    ("without_approval", True),
                    models.Q(
                        models.Q(("approved_by", models.F("author")), _negated=True),
                        models.Q(("approved_by", models.F("edited_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="version_approved_by_another_than_the_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approval"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                ),
                name="version_sent_to_somebody",
            ),
        ),
    ]

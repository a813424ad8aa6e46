"""The tables of a new database, and what the replaced steps did besides. Databases from before take those steps."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import kvalitetslosen.database.together
import kvalitetslosen.notifications.models


class Migration(migrations.Migration):
    replaces = [
        ("notifications", "0001_initial"),
        ("notifications", "0002_own_wordings"),
        ("notifications", "0003_mail_brings_a_meeting"),
    ]

    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("journal", "0002_append_only"),
        ("organisation", "0001_as_first_shipped"),
    ]

    operations = [
        kvalitetslosen.database.together.CreateTogether(
            models=[
                migrations.CreateModel(
                    name="Lease",
                    fields=[
                        ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                        ("holder", models.CharField(max_length=32)),
                        ("until", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "event",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journal.event"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Email",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("to", models.EmailField(max_length=254)),
                        (
                            "language",
                            models.CharField(
                                choices=[("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")], max_length=2
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("subject", models.CharField(max_length=200)),
                        ("body", models.TextField()),
                        ("thread", models.CharField(blank=True, max_length=80)),
                        ("secret", models.BooleanField(default=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting"),
                                    ("sending", "Being sent"),
                                    ("sent", "Sent"),
                                    ("failed", "Refused"),
                                    ("withdrawn", "No longer needed"),
                                ],
                                default="queued",
                                max_length=10,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("next_try_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("answer", models.CharField(blank=True, max_length=500)),
                        (
                            "message_id",
                            models.CharField(
                                default=kvalitetslosen.notifications.models.new_message_id, max_length=120, unique=True
                            ),
                        ),
                        ("key", models.CharField(max_length=160, unique=True)),
                        (
                            "event",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="journal.event",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="emails",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("calendar", models.TextField(blank=True, default="")),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["queued", "sending"])),
                                fields=["next_try_at"],
                                name="email_due",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None)),
                                    _connector="OR",
                                ),
                                name="email_sent_at_follows_state",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Digest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("week", models.CharField(max_length=8)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "email",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="digest",
                                to="notifications.email",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("user", "week"), name="digest_once_a_week")],
                    },
                ),
                migrations.CreateModel(
                    name="MailSettings",
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
                            "reminder_hour",
                            models.PositiveSmallIntegerField(
                                default=7,
                                validators=[
                                    django.core.validators.MinValueValidator(5),
                                    django.core.validators.MaxValueValidator(18),
                                ],
                                verbose_name="reminders go out at",
                            ),
                        ),
                        (
                            "digest",
                            models.BooleanField(
                                default=True, verbose_name="send everybody who has something waiting one mail a week"
                            ),
                        ),
                        (
                            "digest_weekday",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "Monday"),
                                    (2, "Tuesday"),
                                    (3, "Wednesday"),
                                    (4, "Thursday"),
                                    (5, "Friday"),
                                ],
                                default=1,
                                verbose_name="the weekly mail goes out on",
                            ),
                        ),
                        (
                            "digest_hour",
                            models.PositiveSmallIntegerField(
                                default=7,
                                validators=[
                                    django.core.validators.MinValueValidator(5),
                                    django.core.validators.MaxValueValidator(18),
                                ],
                                verbose_name="the weekly mail goes out at",
                            ),
                        ),
                        ("texts", models.JSONField(blank=True, default=dict)),
                        (
                            "municipality",
                            models.OneToOneField(
                                limit_choices_to={"parent": None},
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mail_settings",
                                to="organisation.unit",
                            ),
                        ),
                        ("wordings", models.JSONField(blank=True, default=dict)),
                    ],
                    options={
                        "verbose_name": "mail",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reminder_hour__range", (5, 18))), name="reminder_hour_by_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("digest_hour__range", (5, 18))), name="digest_hour_by_day"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("digest_weekday__range", (1, 5))), name="digest_on_weekday"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notification",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("url", models.CharField(max_length=200)),
                        ("text", models.JSONField(default=dict)),
                        ("key", models.CharField(max_length=160, unique=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("read_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "event",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="journal.event",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notifications",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["user", "-created_at", "-id"], name="notification_of_user"),
                            models.Index(
                                condition=models.Q(("read_at", None)), fields=["user"], name="notification_unread"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reminder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("rule", models.CharField(max_length=80)),
                        ("subject_id", models.BigIntegerField()),
                        ("occasion", models.CharField(max_length=40)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "email",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reminders",
                                to="notifications.email",
                            ),
                        ),
                        (
                            "subject_type",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("subject_type", "subject_id", "rule", "occasion", "user"), name="reminder_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DigestRound",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("week", models.CharField(max_length=8)),
                        ("finished_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.unit"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("municipality", "week"), name="digest_round_once")
                        ],
                    },
                ),
            ],
        ),
    ]

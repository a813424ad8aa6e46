"""The tables of a new database, and what the replaced steps did besides. Databases from before take those steps."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import kvalitetslosen.database.together


class Migration(migrations.Migration):
    replaces = [("files", "0001_initial"), ("files", "0002_shared_bytes"), ("files", "0003_first_pages_to_draw")]

    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("organisation", "0001_as_first_shipped"),
    ]

    operations = [
        kvalitetslosen.database.together.CreateTogether(
            models=[
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("owner_id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        ("content_type", models.CharField(max_length=100)),
                        ("size", models.PositiveIntegerField(help_text="In bytes.", verbose_name="size")),
                        ("sha256", models.CharField(max_length=64)),
                        ("stored_as", models.CharField(db_index=True, max_length=32)),
                        ("width", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("height", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "owner_type",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["owner_type", "owner_id"], name="attachment_owner"),
                            models.Index(
                                condition=models.Q(("content_type", "application/pdf"), ("width", None)),
                                fields=["id"],
                                name="attachment_to_draw",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("height", None), ("width", None)),
                                    models.Q(("height__isnull", False), ("width__isnull", False)),
                                    _connector="OR",
                                ),
                                name="attachment_both_sides_or_none",
                            ),
                            models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="attachment_not_empty"),
                        ],
                    },
                ),
            ],
        ),
    ]

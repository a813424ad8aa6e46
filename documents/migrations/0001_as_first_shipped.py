"""The tables of a new database, and what the replaced steps did besides. Databases from before take those steps."""

import uuid
from importlib import import_module

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import documents.models.document
import documents.models.export
import documents.models.intake
import documents.models.read_back
import kvalitetslosen.database.together

search_columns = import_module("documents.migrations.0002_search_columns")
finding_index = import_module("documents.migrations.0006_finding_index")
what_applied_is_kept = import_module("documents.migrations.0022_what_applied_is_kept")


class Migration(migrations.Migration):
    replaces = [
        ("documents", "0001_initial"),
        ("documents", "0002_search_columns"),
        ("documents", "0003_approver_stands_in"),
        ("documents", "0004_review_rules"),
        ("documents", "0005_finding"),
        ("documents", "0006_finding_index"),
        ("documents", "0007_types"),
        ("documents", "0008_types_of_documents"),
        ("documents", "0009_type_instead_of_kind"),
        ("documents", "0010_shared_and_adopted"),
        ("documents", "0011_writing"),
        ("documents", "0012_offline"),
        ("documents", "0013_intake"),
        ("documents", "0014_reading_and_comments"),
        ("documents", "0015_finding_counts"),
        ("documents", "0016_approvals"),
        ("documents", "0017_who_was_asked"),
        ("documents", "0018_approvers_have_rows"),
        ("documents", "0019_handbook_export"),
        ("documents", "0020_types_ask_for_reading"),
        ("documents", "0021_hearings"),
        ("documents", "0022_what_applied_is_kept"),
        ("documents", "0023_roles_of_the_work_environment"),
        ("documents", "0024_handbook_reading"),
    ]

    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("journal", "0002_append_only"),
        ("networks", "0001_initial"),
        ("organisation", "0001_as_first_shipped"),
    ]

    operations = [
        kvalitetslosen.database.together.CreateTogether(
            models=[
                migrations.CreateModel(
                    name="DocumentType",
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
                            "base",
                            models.CharField(
                                blank=True,
                                choices=[
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
                                ],
                                default="",
                                editable=False,
                                max_length=20,
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                blank=True, db_collation="nb", default="", max_length=60, verbose_name="name"
                            ),
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
                        ("with_unit_code", models.BooleanField(default=False)),
                        ("template", models.TextField(blank=True, default="")),
                        (
                            "review_months",
                            models.PositiveSmallIntegerField(default=24, verbose_name="months between reviews"),
                        ),
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
                        (
                            "asks_reading",
                            models.BooleanField(default=False, verbose_name="is to be read and confirmed"),
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
                migrations.CreateModel(
                    name="Document",
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
                        ("number", models.CharField(editable=False, max_length=32, verbose_name="number")),
                        ("title", models.CharField(db_collation="nb", max_length=200, verbose_name="title")),
                        (
                            "reach",
                            models.CharField(
                                choices=[
                                    ("unit", "The unit and those below it"),
                                    ("municipality", "The whole municipality"),
                                ],
                                default="unit",
                                max_length=12,
                                verbose_name="applies to",
                            ),
                        ),
                        (
                            "review_months",
                            models.PositiveSmallIntegerField(default=24, verbose_name="months between reviews"),
                        ),
                        ("review_on", models.DateField(blank=True, null=True, verbose_name="next review")),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
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
                        ("keywords", models.CharField(blank=True, default="", max_length=200)),
                        (
                            "type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="documents.documenttype",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("review_on__isnull", False)),
                                fields=["review_on"],
                                name="document_review_on",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("level_0", "number"), name="document_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(("review_months__range", (1, 120))),
                                name="document_review_within_ten_years",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Version",
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
                        ("major", models.PositiveSmallIntegerField(editable=False, null=True)),
                        ("minor", models.PositiveSmallIntegerField(editable=False, null=True)),
                        ("is_minor", models.BooleanField(default=False, verbose_name="small change")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("body", models.TextField(blank=True, verbose_name="text")),
                        ("text", models.TextField(blank=True, editable=False)),
                        (
                            "file",
                            models.FileField(
                                blank=True, upload_to=documents.models.document.file_path, verbose_name="file"
                            ),
                        ),
                        ("file_name", models.CharField(blank=True, editable=False, max_length=120)),
                        ("file_size", models.PositiveIntegerField(default=0, editable=False)),
                        ("change_summary", models.TextField(blank=True, verbose_name="what is changed")),
                        ("wanted", models.TextField(blank=True, editable=False, verbose_name="changes wanted")),
                        (
                            "state",
                            models.CharField(
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
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("saved_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("sent_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "in_force_from",
                            models.DateTimeField(editable=False, null=True, verbose_name="in force since"),
                        ),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
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
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="author",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="documents.document",
                            ),
                        ),
                        (
                            "edited_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "hides_old",
                            models.BooleanField(default=False, verbose_name="readers don't see what it said before"),
                        ),
                        ("approved_elsewhere", models.BooleanField(default=False, editable=False)),
                        ("applies_from", models.DateField(blank=True, null=True)),
                        ("without_approval", models.BooleanField(default=False, editable=False)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "scheduled")),
                                fields=["applies_from"],
                                name="version_scheduled",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "in_force")),
                                fields=("document",),
                                name="version_one_in_force_a_document",
                            ),
                            models.UniqueConstraint(fields=("document", "major", "minor"), name="version_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(("body", ""), ("file", ""), _connector="OR"),
                                name="version_is_text_or_file",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["draft", "discarded"]),
                                    models.Q(("body", ""), _negated=True),
                                    models.Q(("file", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="version_has_content_when_sent",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ("draft", "hearing", "approval", "scheduled"))),
                                fields=("document",),
                                name="version_one_open_draft_a_document",
                            ),
                            models.CheckConstraint(
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_at", None),
                                        ("state__in", ["draft", "hearing", "approval", "scheduled", "in_force"]),
                                    ),
                                    models.Q(
                                        ("ended_at__isnull", False),
                                        ("state__in", ["replaced", "withdrawn", "discarded"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="version_ended_at_follows_state",
                            ),
                            models.CheckConstraint(
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "approval"), _negated=True),
                                    ("sent_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="version_sent_to_somebody",
                            ),
                        ],
                    },
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
                        ("letters", models.CharField(max_length=20)),
                        ("last", models.PositiveIntegerField(default=0)),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.unit"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("municipality", "letters"), name="document_counter_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SearchEntry",
                    fields=[
                        ("level_0", models.BigIntegerField(editable=False, null=True)),
                        ("level_1", models.BigIntegerField(editable=False, null=True)),
                        ("level_2", models.BigIntegerField(editable=False, null=True)),
                        ("level_3", models.BigIntegerField(editable=False, null=True)),
                        ("level_4", models.BigIntegerField(editable=False, null=True)),
                        (
                            "document",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="search_entry",
                                serialize=False,
                                to="documents.document",
                            ),
                        ),
                        ("reached_unit_id", models.BigIntegerField()),
                        ("title", models.CharField(db_collation="nb", max_length=200)),
                        (
                            "owner",
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
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="documents.version",
                            ),
                        ),
                        ("outline", models.JSONField(default=list)),
                        ("since", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "type",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="documents.documenttype",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["level_0", "title", "document"], name="search_entry_by_title"),
                            models.Index(
                                condition=models.Q(("level_1__isnull", False)),
                                fields=["level_1", "title"],
                                name="search_entry_level_1",
                            ),
                            models.Index(
                                condition=models.Q(("level_2__isnull", False)),
                                fields=["level_2", "title"],
                                name="search_entry_level_2",
                            ),
                            models.Index(
                                condition=models.Q(("level_3__isnull", False)),
                                fields=["level_3", "title"],
                                name="search_entry_level_3",
                            ),
                            models.Index(
                                condition=models.Q(("level_4__isnull", False)),
                                fields=["level_4", "title"],
                                name="search_entry_level_4",
                            ),
                            models.Index(fields=["reached_unit_id", "-since"], name="search_entry_newest"),
                            models.Index(
                                fields=[
                                    "level_0",
                                    "reached_unit_id",
                                    "unit",
                                    "owner",
                                    "document",
                                    "level_1",
                                    "level_2",
                                    "level_3",
                                    "level_4",
                                ],
                                name="search_entry_counted",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewRules",
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
                            "remind_days_before",
                            models.PositiveSmallIntegerField(default=20, verbose_name="remind before the review date"),
                        ),
                        (
                            "repeat_days",
                            models.PositiveSmallIntegerField(
                                default=10, verbose_name="remind again after the review date, every"
                            ),
                        ),
                        (
                            "escalate_days",
                            models.PositiveSmallIntegerField(default=20, verbose_name="tell the owner's leader after"),
                        ),
                        (
                            "municipality",
                            models.OneToOneField(
                                limit_choices_to={"parent": None},
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="review_rules",
                                to="organisation.unit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "reminders of reviews",
                    },
                ),
                migrations.CreateModel(
                    name="Favourite",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="documents.document"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("user", "document"), name="favourite_once")],
                    },
                ),
                migrations.CreateModel(
                    name="IndexedWord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("stem", models.CharField(max_length=60)),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisation.unit"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("municipality", "stem"), name="indexed_word_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Source",
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
                        ("short", models.CharField(max_length=80, verbose_name="short name")),
                        ("title", models.CharField(max_length=250, verbose_name="name, bokmål")),
                        ("title_nn", models.CharField(blank=True, max_length=250, verbose_name="name, nynorsk")),
                        ("names", models.CharField(blank=True, max_length=250, verbose_name="other names")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("law", "Law"),
                                    ("regulation", "Regulation under a law"),
                                    ("standard", "Standard"),
                                    ("own", "The municipality's own rules"),
                                ],
                                default="own",
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("address", models.URLField(blank=True, max_length=300, verbose_name="web address")),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "municipality",
                            models.ForeignKey(
                                blank=True,
                                limit_choices_to={"parent": None},
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("municipality", None)),
                                fields=("short",),
                                name="source_once_in_the_shared_base",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("municipality__isnull", False)),
                                fields=("municipality", "short"),
                                name="source_once_a_municipality",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Requirement",
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
                        ("place", models.CharField(max_length=60, verbose_name="place in it")),
                        ("place_key", models.CharField(editable=False, max_length=60)),
                        ("text", models.CharField(max_length=500, verbose_name="what it asks")),
                        (
                            "text_nn",
                            models.CharField(blank=True, max_length=500, verbose_name="what it asks, nynorsk"),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "municipality",
                            models.ForeignKey(
                                blank=True,
                                limit_choices_to={"parent": None},
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requirements",
                                to="documents.source",
                                verbose_name="law or standard",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("municipality", None)),
                                fields=("source", "place_key"),
                                name="requirement_once_in_the_shared_base",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("municipality__isnull", False)),
                                fields=("municipality", "source", "place_key"),
                                name="requirement_once_a_municipality",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LegalBasis",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("place", models.CharField(blank=True, max_length=60)),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="bases",
                                to="documents.document",
                            ),
                        ),
                        (
                            "requirement",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bases",
                                to="documents.requirement",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bases",
                                to="documents.source",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("document", "source", "place"), name="legal_basis_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MissedSearch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("stems", models.CharField(max_length=120)),
                        ("words", models.CharField(max_length=80)),
                        ("people", models.PositiveIntegerField(default=1)),
                        ("last_mark", models.CharField(blank=True, max_length=32)),
                        ("handled_at", models.DateTimeField(null=True)),
                        (
                            "municipality",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                        ("month", models.DateField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("municipality", "month", "stems"), name="missed_search_once_a_month"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Subject",
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
                        ("name", models.CharField(db_collation="nb", max_length=120, verbose_name="name, bokmål")),
                        ("name_nn", models.CharField(blank=True, max_length=120, verbose_name="name, nynorsk")),
                        ("name_en", models.CharField(blank=True, max_length=120, verbose_name="name, English")),
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
                                to="documents.subject",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("parent", None)),
                                fields=("municipality", "name"),
                                name="main_subject_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("parent__isnull", False)),
                                fields=("parent", "name"),
                                name="subject_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SubjectOf",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="subjects",
                                to="documents.document",
                            ),
                        ),
                        (
                            "subject",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="documents.subject",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("document", "subject"), name="subject_of_document_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Synonyms",
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
                        ("words", models.CharField(max_length=300, verbose_name="words that mean the same")),
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
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("last_at", models.DateTimeField()),
                        ("times", models.PositiveIntegerField(default=1)),
                        ("found_at", models.DateTimeField(null=True)),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="visits",
                                to="documents.document",
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
                    ],
                    options={
                        "indexes": [models.Index(fields=["user", "-last_at"], name="visit_recent")],
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "document"), name="visit_once_a_document")
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
                        (
                            "state",
                            models.CharField(
                                choices=[("following", "Follows the origin"), ("let_go", "Goes its own way")],
                                default="following",
                                max_length=10,
                            ),
                        ),
                        ("adopted_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "document",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adoption",
                                to="documents.document",
                            ),
                        ),
                        (
                            "follows",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="documents.version",
                            ),
                        ),
                        (
                            "origin",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adoptions",
                                to="documents.document",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("document", models.F("origin")), _negated=True),
                                name="adoption_of_another_document",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Share",
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
                        ("shared_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shares",
                                to="documents.document",
                            ),
                        ),
                        (
                            "network",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="networks.network"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("document", "network"),
                                name="document_shared_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DocumentLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("part", models.CharField(blank=True, max_length=80)),
                        ("address", models.CharField(blank=True, max_length=300)),
                        ("words", models.CharField(blank=True, max_length=200)),
                        (
                            "fault",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("gone", "Gone"),
                                    ("part", "Part"),
                                    ("anchor", "Anchor"),
                                    ("address", "Address"),
                                ],
                                max_length=7,
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links_here",
                                to="documents.document",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
                                to="documents.version",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("target__isnull", False)),
                                fields=["target"],
                                name="document_link_target",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("target__isnull", False), models.Q(("fault", ""), _negated=True), _connector="OR"
                                ),
                                name="document_link_leads_or_is_broken",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DraftCopy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                        ("body", models.TextField(blank=True, verbose_name="text")),
                        ("change_summary", models.TextField(blank=True, verbose_name="what is changed")),
                        ("is_minor", models.BooleanField(default=False)),
                        ("seen", models.PositiveIntegerField()),
                        ("begun_from", models.TextField(blank=True)),
                        ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="copies",
                                to="documents.version",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["user"], name="draft_copy_user")],
                        "constraints": [
                            models.UniqueConstraint(fields=("version", "user"), name="draft_copy_one_a_writer")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KeptOffline",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kept_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="documents.document"
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
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "document"), name="kept_offline_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Intake",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("name", models.CharField(max_length=120)),
                        ("archive", models.FileField(blank=True, upload_to=documents.models.intake.archive_path)),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("reading", "The files are being read"),
                                    ("checking", "Ready to be looked through"),
                                    ("taking", "Being taken in"),
                                    ("done", "Done"),
                                ],
                                default="reading",
                                max_length=10,
                            ),
                        ),
                        ("in_force", models.BooleanField(default=False)),
                        ("left_out", models.PositiveIntegerField(default=0)),
                        (
                            "created_at",
                            models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False),
                        ),
                        ("worked_at", models.DateTimeField(editable=False, null=True)),
                        ("done_at", models.DateTimeField(editable=False, null=True)),
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
                    options={
                        "indexes": [models.Index(fields=["owner", "-created_at"], name="intake_of_owner")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("done_at__isnull", False), ("stage", "done")),
                                    models.Q(models.Q(("stage", "done"), _negated=True), ("done_at", None)),
                                    _connector="OR",
                                ),
                                name="intake_done_at_follows_stage",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IntakeFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveIntegerField()),
                        ("path", models.CharField(max_length=300)),
                        ("size", models.PositiveBigIntegerField(default=0)),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("read", "Read"),
                                    ("queued", "Being taken in"),
                                    ("refused", "Can't be taken in"),
                                    ("failed", "Not taken in"),
                                    ("taken", "Taken in"),
                                    ("same", "Here already, unchanged"),
                                    ("skipped", "Left out"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("problem", models.CharField(blank=True, max_length=40)),
                        ("problem_data", models.JSONField(blank=True, default=dict)),
                        ("counts", models.JSONField(blank=True, default=dict)),
                        ("keep", models.BooleanField(default=True)),
                        ("title", models.CharField(blank=True, max_length=200)),
                        ("number", models.CharField(blank=True, max_length=32)),
                        ("label", models.CharField(blank=True, max_length=8)),
                        (
                            "reach",
                            models.CharField(
                                choices=[
                                    ("unit", "The unit and those below it"),
                                    ("municipality", "The whole municipality"),
                                ],
                                default="unit",
                                max_length=12,
                            ),
                        ),
                        ("approved_by", models.CharField(blank=True, max_length=120)),
                        ("approved_on", models.DateField(blank=True, null=True)),
                        ("revised_on", models.DateField(blank=True, null=True)),
                        ("review_on", models.DateField(blank=True, null=True)),
                        ("laws", models.TextField(blank=True)),
                        ("body", models.TextField(blank=True)),
                        ("text", models.TextField(blank=True)),
                        ("is_pdf", models.BooleanField(default=False)),
                        (
                            "intake",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="documents.intake",
                            ),
                        ),
                        (
                            "match",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="documents.document",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "type",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="documents.documenttype",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="documents.version",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["intake", "state"], name="intake_file_by_state")],
                        "constraints": [
                            models.UniqueConstraint(fields=("intake", "position"), name="intake_file_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "taken"), ("version__isnull", False)),
                                    models.Q(models.Q(("state", "taken"), _negated=True), ("version", None)),
                                    _connector="OR",
                                ),
                                name="intake_file_version_when_taken",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["refused", "failed"]), _negated=True),
                                    models.Q(("problem", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="intake_file_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TakenIn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("taken_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("file_name", models.CharField(max_length=120)),
                        ("sha256", models.CharField(db_index=True, max_length=64)),
                        ("approved_elsewhere", models.BooleanField(default=False)),
                        ("approved_by", models.CharField(blank=True, max_length=120)),
                        ("approved_on", models.DateField(blank=True, null=True)),
                        ("left_out", models.JSONField(blank=True, default=dict)),
                        (
                            "taken_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "version",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="taken_in",
                                to="documents.version",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ReadRequirement",
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
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("asked_on", models.DateField(editable=False)),
                        ("due_on", models.DateField(verbose_name="to be read by")),
                        (
                            "days",
                            models.PositiveSmallIntegerField(
                                default=14, verbose_name="days for those who begin later"
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="why")),
                        ("ended_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requirements",
                                to="documents.document",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="documents.version",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("ended_by", None)),
                                    ("ended_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="requirement_ended_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("days__range", (1, 365))), name="requirement_days_within_a_year"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReadAudience",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                blank=True,
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
                        (
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
                            ),
                        ),
                        (
                            "requirement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="audience",
                                to="documents.readrequirement",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("person", None), ("unit__isnull", False)),
                                    models.Q(("person__isnull", False), ("role", ""), ("unit", None)),
                                    _connector="OR",
                                ),
                                name="read_audience_is_unit_or_person",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("person", None)),
                                fields=("requirement", "unit", "role"),
                                name="read_audience_unit_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("unit", None)),
                                fields=("requirement", "person"),
                                name="read_audience_person_once",
                            ),
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
                        ("events_count", models.PositiveIntegerField(default=0, editable=False)),
                        ("events_head", models.CharField(default="", editable=False, max_length=64)),
                        ("heading", models.CharField(blank=True, max_length=300, verbose_name="about")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("wrong", "Something is wrong"),
                                    ("unclear", "Something is unclear"),
                                    ("proposal", "A proposal"),
                                    ("praise", "Praise"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="text")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("sent", "Waits for an answer"),
                                    ("accepted", "Accepted"),
                                    ("declined", "Declined"),
                                    ("settled", "Dealt with"),
                                    ("withdrawn", "Taken back"),
                                ],
                                default="sent",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("answer", models.TextField(blank=True, verbose_name="answer")),
                        ("answered_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="comments",
                                to="documents.document",
                            ),
                        ),
                        (
                            "settled_in",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="settled",
                                to="documents.version",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="documents.version",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["document", "state"], name="comment_by_state"),
                            models.Index(
                                condition=models.Q(("state", "sent")), fields=["at"], name="comment_unanswered"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answered_at", None),
                                        ("answered_by", None),
                                        ("state__in", ["sent", "withdrawn"]),
                                    ),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                        ("state__in", ["accepted", "declined", "settled"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="comment_answered_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("settled_in", None), ("state", "settled"), _connector="OR"),
                                name="comment_settled_in_a_version",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "declined"), _negated=True),
                                    models.Q(("answer", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="comment_declined_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Fingerprint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("level_0", models.BigIntegerField()),
                        ("mark", models.BigIntegerField()),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="documents.document"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["level_0", "mark"], name="fingerprint_mark")],
                        "constraints": [models.UniqueConstraint(fields=("document", "mark"), name="fingerprint_once")],
                    },
                ),
                migrations.CreateModel(
                    name="ReadNudge",
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
                        ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("day", models.DateField(editable=False)),
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
                        "constraints": [models.UniqueConstraint(fields=("user", "day"), name="read_nudge_once_a_day")],
                    },
                ),
                migrations.CreateModel(
                    name="ReadReceipt",
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
                        ("major", models.PositiveSmallIntegerField(editable=False)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.document"
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
                        (
                            "version",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="documents.version",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "document", "major"), name="read_receipt_once_a_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Approval",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
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
                        (
                            "approver",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "approver_for",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="approvals",
                                to="documents.version",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "asked")), fields=["approver"], name="approval_asked"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("version", "round", "approver"), name="approval_once_a_person"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approver_for", None),
                                    models.Q(("approver_for", models.F("approver")), _negated=True),
                                    _connector="OR",
                                ),
                                name="approval_for_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("asked_at", None), ("state", "later")),
                                    ("state", "dropped"),
                                    models.Q(
                                        ("asked_at__isnull", False),
                                        ("state__in", ["asked", "approved", "changes_wanted"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="approval_asked_at_follows_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["approved", "changes_wanted"]), _negated=True),
                                    ("at__isnull", False),
                                    _connector="OR",
                                ),
                                name="approval_answered_at_follows_state",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandbookExport",
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
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("every_pdf", models.BooleanField(default=False, verbose_name="PDF of old versions too")),
                        ("heard_at", models.DateTimeField(editable=False, null=True)),
                        ("done", models.PositiveIntegerField(default=0, editable=False)),
                        ("total", models.PositiveIntegerField(default=0, editable=False)),
                        ("tries", models.PositiveSmallIntegerField(default=0, editable=False)),
                        ("made_at", models.DateTimeField(editable=False, null=True)),
                        ("failed_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "file",
                            models.FileField(
                                blank=True, editable=False, upload_to=documents.models.export.export_path
                            ),
                        ),
                        ("size", models.BigIntegerField(default=0, editable=False)),
                        ("left_out", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "asked_by",
                            models.ForeignKey(
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
                                condition=models.Q(("failed_at", None), ("made_at", None)),
                                fields=["heard_at"],
                                name="export_to_make",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("made_at", None), ("failed_at", None), _connector="OR"),
                                name="export_made_or_failed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("file", ""), ("made_at__isnull", False), _connector="OR"),
                                name="export_file_when_made",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hearing",
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
                        ("question", models.TextField(blank=True, default="")),
                        ("deadline", models.DateField()),
                        ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("closed_at", models.DateTimeField(null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hearings",
                                to="documents.version",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("closed_at", None)), fields=["deadline"], name="hearing_open"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)),
                                fields=("version",),
                                name="hearing_one_open_a_version",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("closed_by", None), ("closed_at__isnull", False), _connector="OR"),
                                name="hearing_closed_by_follows_closed_at",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                blank=True,
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
                                default="",
                                max_length=20,
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "hearing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invitations",
                                to="documents.hearing",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="organisation.unit",
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
                        "constraints": [
                            models.UniqueConstraint(fields=("hearing", "user"), name="invitation_once_a_person")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Response",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("heading", models.CharField(blank=True, default="", max_length=300)),
                        ("text", models.TextField()),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "Not answered yet"),
                                    ("taken_in", "Taken into account"),
                                    ("not_taken_in", "Not taken into account"),
                                ],
                                default="",
                                max_length=12,
                            ),
                        ),
                        ("answer", models.TextField(blank=True, default="")),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                            "hearing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="responses",
                                to="documents.hearing",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at", None), ("answered_by", None), ("outcome", "")),
                                    models.Q(
                                        models.Q(("outcome", ""), _negated=True),
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="response_answered_with_its_outcome",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", "not_taken_in"), _negated=True),
                                    models.Q(("answer", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="response_not_taken_in_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandbookReading",
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
                        ("name", models.CharField(max_length=200)),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("heard_at", models.DateTimeField(editable=False, null=True)),
                        ("tries", models.PositiveSmallIntegerField(default=0, editable=False)),
                        ("read_at", models.DateTimeField(editable=False, null=True)),
                        ("refused_at", models.DateTimeField(editable=False, null=True)),
                        ("why", models.CharField(blank=True, editable=False, max_length=300)),
                        ("documents", models.PositiveIntegerField(default=0, editable=False)),
                        ("versions", models.PositiveIntegerField(default=0, editable=False)),
                        ("new_people", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "file",
                            models.FileField(
                                blank=True, editable=False, upload_to=documents.models.read_back.handbook_path
                            ),
                        ),
                        (
                            "answerable",
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
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "municipality",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="organisation.unit"
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("read_at", None), ("refused_at", None)),
                                fields=["heard_at"],
                                name="handbook_to_read",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("read_at", None), ("refused_at", None), _connector="OR"),
                                name="handbook_read_or_refused",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("refused_at", None), ("why", "")),
                                    models.Q(("refused_at__isnull", False), models.Q(("why", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="handbook_refused_says_why",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("read_at", None), ("refused_at", None)),
                                fields=("municipality",),
                                name="handbook_read_one_at_a_time",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunPython(search_columns.add, search_columns.remove),
        migrations.RunPython(finding_index.add, finding_index.remove),
        migrations.RunPython(finding_index.lay, migrations.RunPython.noop),
        migrations.RunPython(what_applied_is_kept.put_up, what_applied_is_kept.take_down),
    ]

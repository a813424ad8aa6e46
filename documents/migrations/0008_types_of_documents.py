"""Every municipality gets the shared types, and every document its type instead of a word.

The types have the first event of their lives, as the verbs would write it: a journalled row without one is a fault.
"""

from django.db import migrations
from django.utils import timezone

from kvalitetslosen.journal.chain import link, seal

STANDARDS = (  # kind, letters of its numbers, months between reviews
    ("policy", "PO", 48),
    ("regulation", "RG", 48),
    ("plan", "PL", 12),
    ("contingency_plan", "BP", 12),
    ("procedure", "P", 24),
    ("routine", "R", 24),
    ("guideline", "RL", 24),
    ("instruction", "I", 24),
    ("checklist", "SJ", 12),
    ("form", "S", 24),
    ("template", "M", 36),
    ("action_card", "TK", 12),
    ("guide", "V", 24),
    ("risk_assessment", "RV", 12),
)


def lay(apps, schema_editor):
    DocumentType = apps.get_model("documents", "DocumentType")
    Document = apps.get_model("documents", "Document")
    SearchEntry = apps.get_model("documents", "SearchEntry")
    Unit = apps.get_model("organisation", "Unit")
    Event = apps.get_model("journal", "Event")
    municipalities = Unit.objects.filter(parent=None).order_by("pk")
    if not municipalities.exists():
        return
    subject_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="documents", model="documenttype"
    )
    now = timezone.now()
    for municipality in municipalities:
        for position, (kind, letters, months) in enumerate(STANDARDS):
            row = DocumentType(
                municipality=municipality,
                base=kind,
                letters=letters,
                review_months=months,
                position=position,
                events_count=1,
            )
            said = {"type": "documents.type_added", "by_id": None, "at": now, "data": {"name": kind}}
            digest = link(key=row.key, number=1, previous="", **said)
            row.events_head = seal(digest)
            row.save()
            Event.objects.create(
                subject_type=subject_type,
                subject_id=row.pk,
                municipality_id=municipality.pk,
                number=1,
                hash=digest,
                **said,
            )
            Document.objects.filter(level_0=municipality.pk, kind=kind).update(type=row)
            SearchEntry.objects.filter(level_0=municipality.pk, kind=kind).update(type=row)


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0007_types"),
        ("journal", "0002_append_only"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(lay, migrations.RunPython.noop)]

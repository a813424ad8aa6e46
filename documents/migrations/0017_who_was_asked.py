"""Who was asked to approve each version, until now one of them on the version itself, becomes a row of its own."""

from django.db import migrations

AT_A_TIME = 1000
ONCE_IN_FORCE = ("in_force", "replaced", "withdrawn")


def part(approval_model, version):
    row = approval_model(
        version_id=version.pk, approver_id=version.approver_id, approver_for_id=version.approver_for_id,
        asked_at=version.sent_at,
    )  # fmt: skip
    if version.state == "approval":
        row.state = "asked"
    elif version.state in ONCE_IN_FORCE and version.approved_by_id == version.approver_id:
        row.state, row.at = "approved", version.in_force_from
    elif version.state == "draft" and version.wanted:
        row.state, row.at, row.note = "changes_wanted", version.saved_at, version.wanted
    else:
        row.state = "dropped"
    return row


def give_rows(apps, schema_editor):
    approval_model = apps.get_model("documents", "Approval")
    version_model = apps.get_model("documents", "Version")
    after = 0
    asked = version_model.objects.filter(approver__isnull=False, sent_at__isnull=False).order_by("pk")
    fields = (
        "pk", "state", "approver", "approver_for", "approved_by", "sent_at", "in_force_from", "saved_at", "wanted",
    )  # fmt: skip
    while batch := list(asked.filter(pk__gt=after).only(*fields)[:AT_A_TIME]):
        approval_model.objects.bulk_create([part(approval_model, version) for version in batch])
        after = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("documents", "0016_approvals")]
    operations = [migrations.RunPython(give_rows, migrations.RunPython.noop)]

"""Categories laid before the shared base had keys are known by them; and older municipalities may tick, too."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from deviations.categories import STANDARD
from deviations.national import COUNTED


def know_the_base(apps: Any, schema_editor: Any) -> None:
    """By their names in bokmål, as they were laid; what a municipality has renamed is its own."""
    Category = apps.get_model("deviations", "Category")
    of: dict[int, list[Any]] = {}
    for row in Category.objects.order_by("municipality", "pk"):
        of.setdefault(row.municipality_id, []).append(row)
    for rows in of.values():
        known = []
        for main in STANDARD:
            found = next((row for row in rows if row.parent_id is None and row.name == main.names.name), None)
            if found is None:
                continue
            known.append((found, main.names))
            subs = {row.name: row for row in rows if row.parent_id == found.pk}
            known += [(subs[names.name], names) for names in main.subs if names.name in subs]
        # Where somebody has chosen what may be ticked, nothing is added to it.
        has_chosen = any(row.may_be_ticked for row in rows)
        for row, names in known:
            row.base = names.base
            if not row.code and not row.figure:
                row.code, row.figure = COUNTED.get(names.base, ("", ""))
            row.may_be_ticked = row.may_be_ticked or (names.may_be_ticked and not has_chosen)
        Category.objects.bulk_update(
            [row for row, _names in known], ["base", "code", "figure", "may_be_ticked"], batch_size=500
        )


class Migration(migrations.Migration):
    dependencies = [("deviations", "0009_questions")]

    operations = [migrations.RunPython(know_the_base, migrations.RunPython.noop)]

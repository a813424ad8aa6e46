"""What is counted of the reporter's clock from now on is counted of the cases that are there already."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from django.db import migrations
from django.utils import timezone

from kvalitetslosen.workdays import workdays_between

ANSWERED = ("closed", "not_deviation")


def count_the_clock(apps: Any, schema_editor: Any) -> None:
    """Whether limits were kept, working days to the outcome, and whether the answer helped; as ``figures`` counts."""
    Deviation, FigureCount = (apps.get_model("deviations", name) for name in ("Deviation", "FigureCount"))
    levels = sorted(field.name for field in Deviation._meta.get_fields() if field.name.startswith("level_"))
    fields = ("state", "reported_at", "received_at", "first_answer_at", "closed_at", "receive_by", "answer_by")
    tally: Counter[tuple[int, datetime.date, str, str]] = Counter()
    rows = Deviation.objects.order_by("pk").values(*fields, "deadline", "helped", *levels)
    for row in rows.iterator(chunk_size=2000):
        reported = timezone.localdate(row["reported_at"])
        told = row["closed_at"] if row["state"] in ANSWERED else None
        values = {
            f"{measure}_in": "innen" if moment <= limit else "over"
            for measure, moment, limit in (
                ("receipt", row["received_at"], row["receive_by"]),
                ("answer", row["first_answer_at"], row["answer_by"]),
                ("outcome", told, row["deadline"]),
                ("closing", row["closed_at"], row["deadline"]),
            )
            if moment is not None
        }
        if told is not None:
            values["outcome"] = str(workdays_between(reported, timezone.localdate(told)))
            values["helped"] = {None: "-", True: "yes", False: "no"}[row["helped"]]
        for level in levels:
            if row[level] is not None:
                for measure, value in values.items():
                    tally[row[level], reported.replace(day=1), measure, value] += 1
    FigureCount.objects.bulk_create(
        (
            FigureCount(unit_id=unit, month=month, measure=measure, value=value, n=n)
            for (unit, month, measure, value), n in sorted(tally.items())
        ),
        batch_size=2000,
    )


class Migration(migrations.Migration):
    dependencies = [("deviations", "0014_kept_lists")]

    operations = [migrations.RunPython(count_the_clock, migrations.RunPython.noop)]

"""`load_volume`: what it writes with COPY is what the product's own verbs would have left behind."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from deviations import actions, figures
from deviations.models import Deviation, FigureCount, TallySheet, Tick, TickCount
from documents import readers
from documents.models import Document, ReadReceipt, ReadRequirement
from documents.search import find
from kvalitetslosen.demo.volume import LEADER, PASSWORD
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.verify import Count, verify
from kvalitetslosen.notifications.deliver import sweep
from kvalitetslosen.notifications.models import Email
from kvalitetslosen.organisation.models import Unit, User


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """Five hundred words in no language."""
    rng = random.Random(7)
    path = tmp_path / "words"
    made = {"".join(rng.choices("aeioubdfgklmnprstv", k=8)) for _ in range(500)}
    path.write_text("\n".join(sorted(made)), encoding="latin-1")
    return path


def fill(words: Path) -> None:
    call_command("load_volume", deviations=200, units=34, people=60, documents=20, ticks=300, words=words, verbosity=0)


@pytest.mark.skipif(connection.vendor == "postgresql", reason="says what other databases get to hear")
@pytest.mark.django_db
def test_only_postgresql_is_filled(words: Path) -> None:
    with pytest.raises(CommandError, match="PostgreSQL"):
        fill(words)
    assert not Unit.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_is_filled_in_holds_together(words: Path) -> None:
    fill(words)

    assert Unit.objects.count() == 34
    assert Deviation.objects.count() == 200
    assert Document.objects.in_force().count() == 20
    assert list(verify(Count())) == []
    assert Event.objects.filter(type__startswith="deviations.", subject_type__model="deviation").count() == 400
    counted = {(row.unit_id, row.month, row.measure, row.value): row.n for row in FigureCount.objects.all()}
    assert counted == dict(figures.counted_anew(Deviation.objects.all()) + figures.ticks_counted_anew())
    assert Tick.objects.counted().count() == 300
    days = TickCount.objects.values_list("unit_id", "date", "category_id", "shift", "harm", "place", "n")
    assert {tuple(said): n for *said, n in days} == dict(figures.days_counted_anew())
    assert set(TallySheet.objects.open().values_list("month", flat=True)) <= {timezone.localdate().replace(day=1)}

    assert 0 < ReadRequirement.objects.count() <= 10
    assert 0 < ReadReceipt.objects.count() < 10 * User.objects.count()
    assert readers.numbers(list(ReadRequirement.objects.values_list("document", flat=True)))

    sweep()
    assert not Email.objects.exists(), "what is long past is told to nobody"

    leader = User.objects.get(email=LEADER)
    assert find(leader, Document.objects.earliest("pk").title).hits
    page = Client().post("/konto/login/", {"login": LEADER, "password": PASSWORD})
    assert page.status_code == 302

    unit = Unit.objects.filter(children=None).earliest("pk")
    reporter = User.objects.latest("pk")
    reported = actions.report(by=reporter, unit=unit, kind="deviation", text="The next number is free.")
    assert Deviation.objects.filter(reference=reported.reference).count() == 1

    with pytest.raises(CommandError, match="already"):
        fill(words)

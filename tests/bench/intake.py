"""How long 500 Word files take to become documents, and what memory that costs:  python -m tests.bench.intake [COUNT] [--out FILE]

Makes a municipality of its own in the database that DATABASE_URL names (it is left there: use one to throw away), 500
files as a municipality has them (two to six pages: headings, numbered lists, tables, every fifth with photos), and does
what the worker does, in one process.
"""

import argparse
import io
import json
import os
import random
import resource
import threading
import time
import uuid
import zipfile

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvalitetslosen.settings")
django.setup()

import psutil  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from PIL import Image  # noqa: E402

from documents.actions import intake as actions  # noqa: E402
from documents.actions import lay_types  # noqa: E402
from documents.intake import archive  # noqa: E402
from documents.models import Document, Version  # noqa: E402
from kvalitetslosen.organisation import actions as organisation  # noqa: E402
from kvalitetslosen.organisation.models import Role, Unit  # noqa: E402
from tests.documents.office_files import PICTURE, docx, paragraph, table  # noqa: E402

WORDS = (
    "alle ansatte skal kjenne rutinen før de arbeider alene ring ansvarsvakten ved tvil og skriv ned hva som ble gjort "
    "bruker pårørende legemiddel dosett skift avvik leder enhet oppgave kontroll signer dato klokkeslett hver morgen"
).split()


def sentence(rng):
    return " ".join(rng.choices(WORDS, k=rng.randint(6, 22))).capitalize() + "."


def photo(rng):
    """As heavy as one from a telephone made smaller for a document: 1,600 × 1,200, some 200 kB."""
    small = Image.frombytes("RGB", (160, 120), rng.randbytes(160 * 120 * 3))
    result = io.BytesIO()
    small.resize((1600, 1200)).save(result, "JPEG", quality=80)
    return result.getvalue()


def a_file(n, rng, photos):
    facts = table(
        ("Dokumentnr", f"P-{n:03d}", "Utarbeidet av", "Kari Nordmann"),
        (
            "Godkjent av",
            "Ola Nordmann",
            "Gyldig fra",
            f"{rng.randint(1, 28)}.{rng.randint(1, 12)}.202{rng.randint(1, 5)}",
        ),
    )
    body = [facts, paragraph(f"Prosedyre {n} om {' '.join(rng.choices(WORDS, k=3))}", "Tittel")]
    for heading in ("Formål", "Omfang", "Ansvar", "Slik gjør vi", "Avvik", "Hjemmel"):
        body.append(paragraph(heading, "Overskrift1"))
        body += [paragraph(sentence(rng)) for _ in range(rng.randint(3, 12))]
        if heading == "Ansvar":
            body.append(table(("Hvem", "Hva", "Når"), *(tuple(sentence(rng) for _ in range(3)) for _ in range(6))))
    body.append(paragraph("Helse- og omsorgstjenesteloven § 4-2, kommuneloven § 25-1."))
    picture = b""
    if n % 5 == 0:
        picture = rng.choice(photos)
        body.insert(6, PICTURE)
    return docx(*body, picture=picture)


def made(count):
    rng = random.Random(1)
    photos = [photo(rng) for _ in range(5)]
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for n in range(count):
            target.writestr(
                f"Håndbok/Avdeling {n % 12}/Prosedyrer/P-{n:03d} Prosedyre {n}.docx", a_file(n, rng, photos)
            )
    result.seek(0)
    return result


class Memory(threading.Thread):
    """The most the worker and its reader held at one time, in MB."""

    def __init__(self):
        super().__init__(daemon=True)
        self.most, self.going = 0, True

    def run(self):
        here = psutil.Process()
        while self.going:
            total = 0
            for each in [here, *here.children(recursive=True)]:
                try:
                    total += each.memory_full_info().pss
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    pass
            self.most = max(self.most, total / 1e6)
            time.sleep(0.05)


def until_done(intake):
    begun, cpu = time.monotonic(), time.process_time() + children()
    while actions.go_on(intake.pk):
        pass
    return time.monotonic() - begun, time.process_time() + children() - cpu


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    options = argparse.ArgumentParser()
    options.add_argument("count", type=int, nargs="?", default=500)
    options.add_argument("--out", help="where the numbers go, as JSON")
    options = options.parse_args()
    count = options.count
    code = uuid.uuid4().hex[:6].upper()
    top = organisation.found_municipality(name=f"Måling {code}", code=code, language="nb")
    lay_types(municipality=top, by=None)
    for n in range(12):
        organisation.create_unit(parent=top, name=f"Avdeling {n}", code=f"A{n}", kind=Unit.Kind.UNIT)
    user = organisation.add_person(
        municipality=top,
        name="Kari Nordmann",
        email=f"{code}@maling.example",
        language="nb",
        password=uuid.uuid4().hex,
    )
    organisation.grant_role(user=user, unit=top, role=Role.QUALITY_CONTACT)
    file = made(count)
    size = len(file.getvalue()) / 1e6
    memory = Memory()
    memory.start()
    begun = time.monotonic()
    intake = actions.begin(by=user, name="Håndbok", file=file, listed=archive.listed(file, "Håndbok.zip"))
    upload = time.monotonic() - begun
    read, read_cpu = until_done(intake)
    intake.refresh_from_db()
    chosen = actions.take_in_chosen(intake=intake, by=user, in_force=True)
    taken, taken_cpu = until_done(intake)
    memory.going = False
    memory.join()
    in_force = Version.objects.in_force().filter(document__level_0=top.pk).count()
    documents = Document.objects.filter(level_0=top.pk).count()
    assert chosen == in_force == documents == count, (chosen, in_force, documents)
    print(
        f"{settings.DATABASES['default']['ENGINE'].rpartition('.')[2]} {connection.vendor}: {count} files, {size:.1f} MB"
    )
    print(f"listed and kept: {upload:.1f} s")
    print(f"read and guessed: {read:.1f} s, {count / read:.1f} a second ({1000 * read_cpu / count:.0f} ms CPU each)")
    print(
        f"taken in, in force: {taken:.1f} s, {count / taken:.1f} a second ({1000 * taken_cpu / count:.0f} ms CPU each)"
    )
    print(f"peak memory of the worker with its reader: {memory.most:.0f} MB")
    if options.out:
        with open(options.out, "w") as target:
            json.dump(
                {
                    "files": count,
                    "mb": size,
                    "day": time.strftime("%Y-%m-%d"),
                    "load": os.getloadavg()[0],
                    "read_s": read,
                    "read_cpu_ms": 1000 * read_cpu / count,
                    "taken_s": taken,
                    "taken_cpu_ms": 1000 * taken_cpu / count,
                    "peak_mb": memory.most,
                },
                target,
            )


if __name__ == "__main__":
    main()

"""Where the demo's procedures belong, what some people read again, and what was asked for in vain."""

from __future__ import annotations

import datetime
import random

from django.utils import timezone

from documents import actions
from documents.models import Document, Favourite, MissedSearch, SearchEntry, Subject, Visit
from documents.questions import stems_of
from kvalitetslosen.demo.organisation import Town
from kvalitetslosen.demo.procedures import PROCEDURES

# The subject of the procedures in their order, by its name in bokmål: how many in a row.
SUBJECTS = (
    ("Styring og internkontroll", 1), ("Avvik og forbedring", 1), ("Styring og internkontroll", 1),
    ("Møter og rapportering", 1), ("Avvik og forbedring", 1), ("Risiko og beredskap", 1), ("Møter og rapportering", 1),
    ("Risiko og beredskap", 1), ("Styring og internkontroll", 1), ("Varsling", 1),
    ("Personvern og informasjonssikkerhet", 3), ("Innsyn og klage", 1), ("Saksbehandling, økonomi og arkiv", 1),
    ("Innsyn og klage", 1), ("Anskaffelser", 1), ("Arbeidsmiljø og vernearbeid", 1), ("Vold og trusler", 1),
    ("Arbeidsmiljø og vernearbeid", 1), ("Fravær og oppfølging", 1), ("Arbeidsmiljø og vernearbeid", 1),
    ("Kjemikalier", 1), ("Skader og smitteeksponering", 1), ("Arbeidsmiljø og vernearbeid", 1), ("Opplæring", 1),
    ("Legemidler", 4), ("Pleie og observasjon", 4), ("Samtykke, tvang og medvirkning", 1), ("Avvik og forbedring", 2),
    ("Medisinsk utstyr og velferdsteknologi", 2), ("Pleie og observasjon", 1), ("Samhandling og journal", 2),
    ("Samtykke, tvang og medvirkning", 1), ("Pleie og observasjon", 1), ("Smittevern", 3), ("Renhold", 1),
    ("Mat og kjøkken", 3), ("Trygt miljø", 2), ("Barnevern", 1), ("Tilsyn, tur og bading", 2),
    ("Brann, bygg og teknisk", 1), ("Vann, avløp og forurensning", 2), ("Brannvern", 2),
    ("Maskiner og arbeid i grøft og kum", 1), ("Sosiale tjenester", 1), ("Vold og trusler", 1),
)  # fmt: skip
# What was asked for in vain, and by how many.
MISSED = (
    (("julebord", "julebord"), 3), (("elsykkel", "elsykkel"), 2), (("hjemmekontor", "heimekontor"), 7),
    (("parkering for besøkende", "parkering for besøkande"), 4),
)  # fmt: skip


def place(towns: list[Town]) -> None:
    """Laws and subjects of what is in force, from what the procedures say."""
    about = [name for name, times in SUBJECTS for _time in range(times)]
    for town in towns:
        sources = actions.sources_for(town.root.pk)
        subjects = {row.name: row for row in Subject.objects.filter(municipality=town.root).order_by("pk")}
        of_title = {
            procedure.texts[town.nynorsk].title: (procedure, about[number] if number < len(about) else "")
            for number, procedure in enumerate(PROCEDURES)
        }
        for document in Document.objects.in_force().filter(level_0=town.root.pk).order_by("pk"):
            procedure, name = of_title.get(document.title, (None, ""))
            if procedure is None:
                continue
            places = actions.places_named(procedure.law, sources)
            actions.set_legal_bases(document=document, by=document.owner, places=places)
            if name in subjects:
                actions.set_subjects(document=document, by=document.owner, subjects=[subjects[name]])


def read(towns: list[Town], now: datetime.datetime, rng: random.Random) -> None:
    """What the people of the log-in page opened and keep, and what nobody found."""
    for town in towns:
        for name in ("ansatt", "leder"):
            user = town.people[name]
            readable = list(SearchEntry.objects.visible_to(user).order_by("document_id"))
            opened = rng.sample(readable, min(7, len(readable)))
            Visit.objects.bulk_create(
                Visit(
                    user=user,
                    document_id=row.pk,
                    last_at=now - datetime.timedelta(hours=5 + 31 * days),
                    times=1 + days % 3,
                )
                for days, row in enumerate(opened)
            )
            Favourite.objects.bulk_create(Favourite(user=user, document_id=row.pk) for row in opened[:3])
        month = timezone.localdate(now).replace(day=1)
        MissedSearch.objects.bulk_create(
            MissedSearch(
                municipality=town.root, month=month, stems=stems_of(town.word(words)), words=town.word(words), people=n
            )
            for words, n in MISSED
        )

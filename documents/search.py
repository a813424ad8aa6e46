"""Finds documents in force by their words, with the reader's rights in the same question to the database.

The words are made by ``documents.words`` on both databases, so that they find the same. Rows are written here, in the
transaction that brings a document into force or takes it out, never by a signal or later.
"""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import islice
from typing import Any, cast

from django.db import connection, transaction
from django.db.models import BooleanField, Exists, FloatField, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from documents import likeness
from documents.html import words_alone
from documents.models import (
    Document,
    DocumentType,
    IndexedWord,
    LegalBasis,
    SearchEntry,
    SearchEntryQuerySet,
    Source,
    Subject,
    SubjectOf,
    Version,
)
from documents.outlines import outline_of, under
from documents.questions import Way, Wish, in_parts, synonyms_of, understood, ways_of
from documents.words import (
    LONGEST,
    MOST_ASKED,
    WORD,
    Asked,
    folded,
    in_bokmal,
    indexed,
    spelt,
    stem,
    words_of,
)
from kvalitetslosen.files.models import Attachment, files_of
from kvalitetslosen.organisation.models import Unit, User

BATCH = 250  # documents written at a time
SPELLINGS = 5_000  # words written at a time
MAIN_WORDS = 30  # of the text: the ones it says most often, which tell what it is about
OFTEN = 5  # times a text says a word that it is surely about
READ = 100_000  # characters of a text looked through for an extract
EXTRACT = 200  # characters shown of a text
SHORTEST_SUGGESTED = 2  # letters written before titles are suggested
MARKS = 200  # places of a word looked at in one text
_BEFORE = 60  # of them before the first word that was found


@dataclass(frozen=True)
class Hit:
    document_id: int
    number: str
    title: str
    type_id: int
    extract: SafeString
    heading: str = ""  # under which the words stand
    anchor: str = ""  # of that heading on the document's page


@dataclass(frozen=True)
class Found:
    hits: list[Hit]
    more: bool  # whether there are others after these


@dataclass(frozen=True)
class _Written:
    """One document as the index has it."""

    entry: SearchEntry
    title: list[str]
    body: list[str]
    ends: list[str]
    spelt: set[str]

    @classmethod
    def of(cls, version: Version, files: Iterable[Attachment]) -> _Written:
        document = version.document
        entry = SearchEntry(
            document=document,
            version=version,
            unit_id=document.unit_id,
            owner_id=document.owner_id,
            reached_unit_id=cast("int", document.reached_unit_id),
            type_id=document.type_id,
            title=version.title,
            since=version.in_force_from or timezone.now(),
            outline=outline_of(version.body, version.text),
        )
        entry.copy_levels(document)
        title, ends = _indexed(f"{version.title} {document.number} {document.keywords}")
        attached = " ".join(re.sub(r"[_.-]+", " ", each.name) for each in files)
        body, more_ends = _indexed(f"{version.text or words_alone(version.body)} {attached}")
        return cls(entry, title, body, sorted({*ends, *more_ends}), spelt(f"{version.title} {version.text}"))

    @property
    def words(self) -> list[str]:
        return sorted({*self.title, *self.body, *(f"-{end}" for end in self.ends)})

    @property
    def main(self) -> str:
        """As PostgreSQL writes a ``tsvector``: A for the title, B and C for what the text says (very) often."""
        weights = dict.fromkeys(self.title, "A")
        for word, times in Tally(self.body).most_common(MAIN_WORDS):
            if times > 1:
                weights.setdefault(word, "B" if times >= OFTEN else "C")
        return " ".join(f"'{word}':1{weight}" for word, weight in weights.items())


def _indexed(text: str) -> tuple[list[str], set[str]]:
    stems: list[str] = []
    ends: set[str] = set()
    for word in words_of(text):
        forms, end = indexed(word)
        stems += forms
        if end:
            ends.add(end)
    return stems, ends


def index(document: Document) -> None:
    """Let the document be found by the version in force, or not at all when none is.

    To be called in the transaction that changes the document, its version in force, unit, owner or reach.
    """
    version = Version.objects.in_force().filter(document=document).first()
    with transaction.atomic():
        if version is None:
            _remove([document.pk])
        else:
            # Where it lies now, and until the entry is there: a unit that is moved takes both along.
            document.copy_levels(Document.objects.select_for_update(of=("self",)).get(pk=document.pk))
            version.document = document
            written = _Written.of(version, files_of(version))
            _write([written])
            _keep_spellings(cast("int", document.level_0), written.spelt)
        likeness.keep(document, version)


def reindex() -> None:
    """Write the index anew: after the rules for words have changed, or when documents were loaded from elsewhere."""
    with transaction.atomic():
        SearchEntry.objects.all().delete()
        IndexedWord.objects.all().delete()
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM documents_words")
                cursor.execute("DELETE FROM documents_spelling")
        spellings: dict[int, set[str]] = {}
        versions = Version.objects.in_force().select_related("document").order_by("pk").iterator(chunk_size=BATCH)
        while some := list(islice(versions, BATCH)):
            files = Attachment.objects.by_owner(some)
            batch = [_Written.of(version, files.get(version.pk, ())) for version in some]
            _write(batch)
            for written in batch:
                spellings.setdefault(cast("int", written.entry.level_0), set()).update(written.spelt)
            likeness.keep_all(some)
        for municipality_id, stems in spellings.items():
            _keep_spellings(municipality_id, stems)


def _keep_spellings(municipality_id: int, stems: set[str]) -> None:
    """Let these words be among those that misspelt ones are compared with."""
    words = iter(sorted(stems))
    new: list[str] = []
    while some := list(islice(words, SPELLINGS)):
        known = IndexedWord.objects.filter(municipality=municipality_id, stem__in=some)
        new += sorted(set(some) - set(known.order_by("stem").values_list("stem", flat=True)))
    if not new:
        return
    rows = [IndexedWord(municipality_id=municipality_id, stem=stem) for stem in new]
    IndexedWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=SPELLINGS)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO documents_spelling (rowid, stem) SELECT id, stem FROM documents_indexedword "
                "WHERE municipality_id = %s AND id NOT IN (SELECT rowid FROM documents_spelling)",
                [municipality_id],
            )


def _remove(document_ids: Sequence[int]) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM documents_words WHERE rowid = %s", [(pk,) for pk in document_ids])
    SearchEntry.objects.filter(pk__in=document_ids).delete()


def _write(batch: Sequence[_Written]) -> None:
    if connection.vendor == "sqlite":
        _write_sqlite(batch)
    else:
        _write_postgresql(batch)


def _write_sqlite(batch: Sequence[_Written]) -> None:
    _remove([written.entry.pk for written in batch])
    SearchEntry.objects.bulk_create([written.entry for written in batch])
    rows = [
        (written.entry.pk, " ".join(written.title), " ".join(written.body), " ".join(written.ends))
        for written in batch
    ]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO documents_words (rowid, title, body, ends) VALUES (%s, %s, %s, %s)", rows)


def _write_postgresql(batch: Sequence[_Written]) -> None:
    """Row and words in one statement: an insert followed by an update would leave half of the table dead."""
    fields = SearchEntry._meta.concrete_fields
    columns = [str(field.column) for field in fields]
    row = f"({', '.join(['%s'] * len(columns))}, array_to_tsvector(%s::text[]), %s::tsvector)"
    changed = [name for name in (*columns, "words", "main") if name != "document_id"]
    values: list[Any] = []
    for written in batch:
        values += [
            field.get_db_prep_save(getattr(written.entry, field.attname), connection=connection) for field in fields
        ]
        values += [written.words, written.main]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO documents_searchentry ({', '.join(columns)}, words, main) "  # noqa: S608 - names of columns
            f"VALUES {', '.join([row] * len(batch))} "
            f"ON CONFLICT (document_id) DO UPDATE SET {', '.join(f'{name} = EXCLUDED.{name}' for name in changed)}",
            values,
        )


@dataclass(frozen=True)
class Within:
    """What a search or a list is narrowed to."""

    type: DocumentType | None = None
    unit: Unit | None = None  # with those below it
    subject: Subject | None = None  # with those below it
    source: Source | None = None  # a law or standard

    def __bool__(self) -> bool:
        return bool(self.type or self.unit or self.subject or self.source)

    def of(self, entries: SearchEntryQuerySet) -> SearchEntryQuerySet:
        if self.type:
            entries = entries.filter(type=self.type)
        if self.unit:
            entries = entries.in_subtree(self.unit)
        if self.subject:
            subjects = Q(subject=self.subject) | Q(subject__parent=self.subject)
            entries = entries.filter(Exists(SubjectOf.objects.filter(subjects, document=OuterRef("document"))))
        if self.source:
            bases = LegalBasis.objects.filter(document=OuterRef("document"), source=self.source)
            entries = entries.filter(Exists(bases))
        return entries


def find(user: User, text: str, *, within: Within | None = None, limit: int = 20, offset: int = 0) -> Found:
    """The documents in force the person may read that have all words of the text, the best first.

    Whatever is typed is fine: signs are passed over, and a text without words finds nothing. A long word that is found
    nowhere is looked for in its parts.
    """
    wishes = understood(text, user.municipality_id)
    if not wishes:
        return Found([], more=False)
    entries = (within or Within()).of(SearchEntry.objects.visible_to(user))
    rows = _rows(entries, wishes, limit, offset)
    if not rows and not offset:
        divided = in_parts(wishes, user.municipality_id)
        if divided != wishes:
            wishes = divided
            rows = _rows(entries, wishes, limit, offset)
    shown = rows[:limit]
    texts = {
        pk: (number, body)
        for pk, number, body in Version.objects.filter(pk__in=[row[1] for row in shown])
        .order_by("pk")
        .values_list("pk", "document__number", Left("text", READ))
    }
    asked = [word for wish in wishes for word in wish.words]
    return Found([_hit(row, *texts[row[1]], asked) for row in shown if row[1] in texts], more=len(rows) > limit)


def _rows(entries: SearchEntryQuerySet, wishes: Sequence[Wish], limit: int, offset: int) -> list[tuple[Any, ...]]:
    ranked = _sqlite(entries, wishes) if connection.vendor == "sqlite" else _postgresql(entries, wishes)
    values = ranked.values_list("document_id", "version_id", "title", "type_id", "outline")
    return list(values[offset : offset + limit + 1])


def _hit(row: tuple[Any, ...], number: str, text: str, asked: Sequence[Asked]) -> Hit:
    document_id, _version, title, type_id, outline = row
    shown, at = extract(text, asked)
    anchor, heading = ("", "") if at is None else under(outline, at)
    if heading and shown.startswith(f"{escape(heading)} "):
        shown = mark_safe(shown[len(escape(heading)) + 1 :])  # noqa: S308 - a part of what is escaped already
    return Hit(document_id, number, title, type_id, shown, anchor=anchor, heading=heading)


LOOKED_FOR, HAVING_IT = 6, 25  # words, and documents that have one of them
IN_TITLE = 3  # times as much as in the text


@dataclass(frozen=True)
class About:
    document_id: int
    number: str
    title: str


def about(user: User, words: Iterable[str], limit: int = 4) -> list[About]:
    """The documents in force the person may read that are most likely about these words, though none has them all.

    A word that few documents have tells more than one that many have. Nothing for a document that has only one of
    them, and that not in its title.
    """
    entries = SearchEntry.objects.visible_to(user)
    scores: dict[int, float] = {}
    times: Tally[int] = Tally()
    titles: dict[int, str] = {}
    for word in islice(words, LOOKED_FOR):
        wishes = understood(word, user.municipality_id)
        rows = _rows(entries, wishes, HAVING_IT, 0) if wishes else []
        sought = {stem(part) for part in words_of(word)}
        for document_id, _version, title, _type, _outline in rows:
            in_title = bool(sought & {stem(part) for part in words_of(title)})
            weight = (IN_TITLE if in_title else 1) / (2 + len(rows))
            scores[document_id] = scores.get(document_id, 0) + weight
            times[document_id] += 2 if in_title else 1
            titles[document_id] = title
    best = sorted((pk for pk in scores if times[pk] > 1), key=lambda pk: (-scores[pk], pk))[:limit]
    numbers = dict(Document.objects.filter(pk__in=best).values_list("pk", "number"))
    return [About(pk, numbers[pk], titles[pk]) for pk in best if pk in numbers]


def suggest(user: User, text: str, limit: int = 7) -> list[tuple[str, str, int]]:
    """Number, title and type of documents whose title has the words, the last of them as far as it is written.

    A word that means the same will do as well. Two queries.
    """
    parts = WORD.findall(folded(text))
    if not parts or not SHORTEST_SUGGESTED <= len(parts[-1]) <= LONGEST:
        return []
    last = parts[-1]  # as far as it is written: «opp» may be the beginning of «opplæring»
    whole = list(words_of(" ".join(parts[:-1])))[-MOST_ASKED:]
    lines = synonyms_of(user.municipality_id)
    groups = [sorted({*Asked.of(word).stems, *_beginnings(word, lines)}) for word in whole]
    groups.append(sorted({last, in_bokmal(last), *_beginnings(last, lines)}))
    entries = SearchEntry.objects.visible_to(user)
    if connection.vendor == "sqlite":
        ors = [" OR ".join(f'title : "{each}" *' for each in group) for group in groups]
        entries = _matching(entries, " AND ".join(f"({each})" for each in ors))
    else:
        ors = [" | ".join(f"'{each}':*" for each in group) for group in groups]
        query = " & ".join(f"({each})" for each in ors)
        entries = entries.filter(RawSQL("ts_filter(main, '{a}') @@ %s::tsquery", [query], BooleanField()))
    return list(entries.order_by("title", "document_id").values_list("document__number", "title", "type_id")[:limit])


def _beginnings(word: str, synonyms: Sequence[str]) -> set[str]:
    """What the words begin with that will do for a word that was written."""
    return {each for way in ways_of(Asked.of(word), synonyms) if len(way) == 1 for each in way[0].beginnings}


def has(user: User, word: Asked) -> bool:
    """Whether any document in force that the person may read has the word, in any form."""
    entries = SearchEntry.objects.visible_to(user)
    wish = Wish(((word,),))
    found = _matching(entries, _fts([wish])) if connection.vendor == "sqlite" else _having(entries, _tsquery([wish]))
    return found.count() > 0  # for EXISTS, PostgreSQL reads the whole table in the hope of an early hit


def with_stem(entries: SearchEntryQuerySet, stem: str) -> SearchEntryQuerySet:
    """The entries of documents that have just this stem."""
    if connection.vendor == "sqlite":
        return _matching(entries, f'{{title body}} : "{stem}"')
    return _having(entries, f"'{stem}'")


def _tsquery(wishes: Iterable[Wish]) -> str:
    return " & ".join(f"({' | '.join(_tsway(way) for way in wish.ways)})" for wish in wishes)


def _tsway(way: Way) -> str:
    return f"({' & '.join(f'({_tsword(word)})' for word in way)})"


def _tsword(word: Asked) -> str:
    group = [f"'{each}'" for each in sorted(word.stems - word.beginnings)]
    group += [f"'{each}':*" for each in sorted(word.beginnings)]
    if word.end:
        group.append(f"'-{word.end}':*")
    return " | ".join(group)


def _having(entries: SearchEntryQuerySet, query: str) -> SearchEntryQuerySet:
    return entries.filter(
        RawSQL('documents_words("documents_searchentry"."words") @@ %s::tsquery', [query], BooleanField())
    )


def _postgresql(entries: SearchEntryQuerySet, wishes: Sequence[Wish]) -> SearchEntryQuerySet:
    """What was written counts twice, what means the same once."""
    exact = " | ".join(f"'{each}'" for wish in wishes for word in wish.ways[0] for each in sorted(word.stems))
    anything = " | ".join(_tsword(word) for wish in wishes for word in wish.words)
    return _having(entries, _tsquery(wish for wish in wishes if wish.needed)).order_by(
        (
            RawSQL("ts_rank('{0.1, 0.3, 0.6, 1}', main, %s::tsquery)", [exact], FloatField())
            + RawSQL("ts_rank('{0.1, 0.3, 0.6, 1}', main, %s::tsquery)", [anything], FloatField())
        ).desc(),
        "document_id",
    )


def _fts(wishes: Iterable[Wish]) -> str:
    return " AND ".join(f"({' OR '.join(_ftsway(way) for way in wish.ways)})" for wish in wishes)


def _ftsway(way: Way) -> str:
    return f"({' AND '.join(f'({_ftsword(word)})' for word in way)})"


def _ftsword(word: Asked) -> str:
    group = [f'{{title body}} : "{each}"' for each in sorted(word.stems)]
    group += [f'{{title body}} : "{each}" *' for each in sorted(word.beginnings)]
    if word.end:
        group.append(f'ends : "{word.end}" *')
    return " OR ".join(group)


def _matching(entries: SearchEntryQuerySet, match: str) -> SearchEntryQuerySet:
    found = entries.extra(
        tables=["documents_words"],
        where=["documents_words.rowid = documents_searchentry.document_id", "documents_words MATCH %s"],
        params=[match],
    )
    return cast("SearchEntryQuerySet", found)


def _sqlite(entries: SearchEntryQuerySet, wishes: Sequence[Wish]) -> SearchEntryQuerySet:
    """Those whose title has what was written come first, and then those whose title has a part of it.

    bm25 knows no difference between a word and its synonym, and none at all between documents that all have the words.
    """
    needed = [wish for wish in wishes if wish.needed]
    match = _fts(needed)
    if wished := [wish for wish in wishes if not wish.needed]:
        match = f"({match}) AND (({match}) OR {_fts(wished)})"  # so that they count where they are
    titled = [f"({_ftstitle(word)})" for wish in needed for word in wish.ways[0]]
    best_first = RawSQL("bm25(documents_words, 10.0, 1.0, 0.3)", [], FloatField())
    return _matching(entries, match).order_by(
        _is_found(" AND ".join(titled)).desc(), _is_found(" OR ".join(titled)).desc(), best_first, "document_id"
    )


def _is_found(match: str) -> RawSQL:
    return RawSQL(
        "documents_searchentry.document_id IN (SELECT rowid FROM documents_words WHERE documents_words MATCH %s)",
        [match],
        BooleanField(),
    )


def _ftstitle(word: Asked) -> str:
    return " OR ".join(
        [f'title : "{each}"' for each in sorted(word.stems)]
        + [f'title : "{each}" *' for each in sorted(word.beginnings)]
    )


def _folded_in_place(text: str) -> str:
    """Folded, each letter where it was."""
    at_once = folded(text)
    if len(at_once) == len(text):
        return at_once
    return "".join(each if len(each) == 1 else letter for letter in text for each in (folded(letter),))


def extract(text: str, asked: Sequence[Asked]) -> tuple[SafeString, int | None]:
    """The part of the text with most of the words, marked, and where in the text the first of them stands.

    The text's beginning, and no place, where the words aren't in the text itself.
    """
    text = " ".join(text.split())
    folded_text = _folded_in_place(text)
    matches = sorted(
        {
            (first, last, which)
            for which, word in enumerate(asked)
            for first, last in islice(word.places(folded_text), MARKS)
        }
    )
    start = _best_start(matches)
    if start:
        start = text.find(" ", start) + 1
    stop = min(len(text), start + EXTRACT)
    if stop < len(text) and (space := text.rfind(" ", start, stop + 1)) > 0:
        stop = space
    parts, at = ["… " if start else ""], start
    found = None
    for first, last, _which in matches:
        if first >= at and last <= stop:
            parts += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
            at = last
            found = first if found is None else found
    parts += [escape(text[at:stop]), " …" if stop < len(text) else ""]
    return mark_safe("".join(parts)), found  # noqa: S308 - every part of the text is escaped


def _best_start(matches: Sequence[tuple[int, int, int]]) -> int:
    """A little before the first of the words that stand closest together."""
    best, most = 0, 0
    for place, (first, _last, _which) in enumerate(matches):
        within = first + EXTRACT - _BEFORE
        told = len({which for _first, last, which in matches[place : place + 20] if last <= within})
        if told > most:
            best, most = max(0, first - _BEFORE), told
    return best

"""What is taken home: figures as a spreadsheet or as CSV, and the cases themselves as CSV.

A hundred thousand cases are sent as they are read: PostgreSQL writes each line itself and hands out some hundred at a
time, so that the first is sent at once, the worker's memory stays as it is, and nothing more is read when the person
has gone. (COPY is no faster, sorts everything before the first line, and pushes instead of being asked.)
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, CharField, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat, NullIf, Substr, TruncDate
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext

from deviations.lifecycle import State
from deviations.models import Answer, Asked, Deviation, DeviationQuerySet, Harm, Kind, Question, Severity, Source, Spot
from deviations.report_sections import Report
from deviations.reports import registered
from kvalitetslosen.csv_files import BOM, COMMANDS, LINE_END, SEPARATOR, harmless_text
from kvalitetslosen.database.workdays import WorkdaysBetween
from kvalitetslosen.journal.record import record
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.spreadsheet import figures_sheet, front_sheet, new_workbook, sheet_name

MOST_CASES = 20_000  # in a workbook, which takes its time; the CSV file has no limit
AT_A_TIME = 500  # rows
COUNTED = 10_000  # rows are counted exactly up to here, for the journal


def record_export(*, by: User, unit: Unit | None, what: str, rows: int, asked: QueryDict, more: bool = False) -> None:
    """One event on the unit: who took home what, how much (``more``: at least so much), and by which question.

    Written before the first byte is sent, so that nobody gets away with a file unseen by breaking off.
    """
    place = unit or Unit.objects.get(pk=by.municipality_id)
    kept = asked.copy()
    if kept.pop("q", None):
        kept["q"] = "…"  # that words were searched for, never which
    said: dict[str, Any] = {"what": what, "rows": rows, "asked": kept.urlencode()[:500]}
    if more:
        said["more"] = True
    record(place, "deviations.exported", by=by, **said)


def counted(rows: DeviationQuerySet) -> tuple[int, bool]:
    """How many rows, and whether there are more: counting a million would hold up the first byte."""
    n = rows.order_by()[: COUNTED + 1].count()
    return min(n, COUNTED), n > COUNTED


# Text that is safe in a spreadsheet


def harmless(text: Combinable) -> Combinable:
    """Text that no spreadsheet takes for a formula, made so by the database."""
    return Case(
        When(In(Substr(text, 1, 1), COMMANDS), then=Concat(Value("'"), text, output_field=CharField())),
        default=text,
        output_field=CharField(),
    )


# The cases


class LocalMinute(Func):
    """A moment in the municipality's time zone, as every spreadsheet knows it: 2026-11-23 14:05."""

    output_field = CharField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        sql, parameters = compiler.compile(self.get_source_expressions()[0])
        return f"left(({sql} AT TIME ZONE %s)::text, 16)", [*parameters, timezone.get_current_timezone_name()]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        sql, parameters = compiler.compile(self.get_source_expressions()[0])
        zone = timezone.get_current_timezone_name()
        cut: Any = connection.ops.datetime_trunc_sql("minute", sql, tuple(parameters), zone)
        return f"substr({cut[0]}, 1, 16)", cut[1]


class Column(NamedTuple):
    heading: str
    value: Combinable
    written: bool = False  # by people: may hold anything
    width: int = 12
    key: str = ""  # what a list calls the same column: ``columns.COLUMNS``


def worded(field: str, choices: Sequence[tuple[str, Any]]) -> Combinable:
    """A choice in the reader's language; empty for what has none."""
    cases = (When(**{field: value}, then=Value(str(label))) for value, label in choices)
    return Case(*cases, default=Value(""), output_field=CharField())


def columns() -> list[Column]:
    """What is told of a case: what everyone who may see it sees. The reporter's name isn't among it."""
    own = {"nn": "category__name_nn", "en": "category__name_en"}.get(get_language() or "nb", "category__name")
    return [
        Column(gettext("Reference"), F("reference"), width=16),
        Column(gettext("Reported"), LocalMinute("reported_at"), width=17, key="meldt"),
        Column(gettext("Where"), F("unit__name"), written=True, width=24, key="hvor"),
        Column(gettext("Handled by the unit"), F("handling_unit__name"), written=True, width=24, key="enhet"),
        Column(gettext("Handler"), F("handler__name"), written=True, width=20, key="behandler"),
        Column(gettext("Kind"), worded("kind", Kind.choices), width=18, key="type"),
        Column(
            gettext("Category"),
            Coalesce(NullIf(F(own), Value("")), F("category__name")),
            written=True,
            width=24,
            key="kategori",
        ),
        Column(gettext("Harm so far"), worded("harm", Harm.choices), key="skade"),
        Column(gettext("Severity"), worded("severity", Severity.choices), key="alvor"),
        Column(gettext("Status"), worded("state", State.choices), width=18, key="status"),
        Column(gettext("Deadline"), TruncDate("deadline"), key="frist"),
        Column(gettext("Received"), TruncDate("received_at"), key="mottatt"),
        Column(gettext("First answer"), TruncDate("first_answer_at"), key="svar"),
        Column(gettext("Closed"), TruncDate("closed_at"), key="lukket"),
        Column(gettext("Working days to receipt"), WorkdaysBetween("reported_at", "received_at")),
        Column(gettext("Working days to the first answer"), WorkdaysBetween("reported_at", "first_answer_at")),
        Column(gettext("Working days to closing"), WorkdaysBetween("reported_at", "closed_at")),
        Column(gettext("What happened"), F("text"), written=True, width=60),
        Column(gettext("Done at once"), F("done_at_once"), written=True, width=40),
        Column(gettext("Suggestion"), F("suggestion"), written=True, width=40),
        Column(gettext("Answer to the reporter"), F("outcome"), written=True, width=40),
        Column(pgettext("of a case", "Source"), worded("source", Source.choices), width=18, key="kilde"),
    ]


def shown_columns(keys: Sequence[str]) -> list[Column]:
    """The case's number, and of the rest what a list shows."""
    reference, *rest = columns()
    return [reference, *(column for column in rest if column.key in keys)]


@dataclass
class AskedColumn:
    """One question through all its versions: how the newest puts it, and what its answers are called."""

    newest: Question
    sets: list[int]
    choices: dict[str, str]

    @property
    def column(self) -> Column:
        """Empty for cases that aren't asked it: only the others cost anything."""
        answer = Answer.objects.filter(deviation=OuterRef("pk"), question__key=self.newest.key)
        answer = answer.filter(question__set=OuterRef("question_set"))
        words = [When(value=value, then=Value(label)) for value, label in self.choices.items()]
        said = Case(
            When(unknown=True, then=Value(gettext("Don't know"))),
            *words,
            default=F("value"),
            output_field=CharField(),
        )
        value = Case(
            When(question_set__in=self.sets, then=Coalesce(Subquery(answer.values_list(said)[:1]), Value(""))),
            default=Value(""),
            output_field=CharField(),
        )
        heading = f"{self.newest.set.category.label}: {self.newest.words}"
        return Column(harmless_text(heading), value, written=True, width=24)


def asked_columns(user: User, category: str = "") -> list[Column]:
    """A column for each question the municipality's categories ask or have asked. One query.

    ``category``: as in the list's address; where it is one category, only what that one and its main one ask.
    """
    questions = Question.objects.filter(
        set__municipality=user.municipality_id, set__published_at__isnull=False
    ).select_related("set__category")
    number = category.removeprefix("med-")
    if number.isdecimal():
        of = Q(set__category=int(number)) | Q(set__category__children=int(number))
        if number != category:
            of |= Q(set__category__parent=int(number))
        questions = questions.filter(of).distinct()
    found: dict[tuple[int, str], AskedColumn] = {}
    order = ("set__category__parent__position", "set__category__position", "set__category", "set__number", "position")
    for each in questions.order_by(*order):
        asked = found.setdefault((each.set.category_id, each.key), AskedColumn(each, [], {}))
        asked.newest = each
        asked.sets.append(each.set_id)
        if each.kind in (Asked.CHOICE, Asked.YES_NO):
            asked.choices |= {value: str(label) for value, label in each.options}
        elif each.kind == Asked.PLACE:
            asked.choices = {value: str(label) for value, label in Spot.choices if value}
    return [each.column for each in found.values()]


def cases_as_csv(
    rows: DeviationQuerySet, told: Sequence[Column] | None = None, order: Sequence[str] = ("-reported_at", "-pk")
) -> Iterator[bytes]:
    """The cases, a heading first of all; of each all there is to tell, unless columns are given.

    Nothing is read before it is asked for.
    """
    told = told or columns()
    values = [harmless(column.value) if column.written else column.value for column in told]
    cells = rows.order_by(*order).values_list(*values)
    heading = BOM + _lines([[column.heading for column in told]])
    lines = _lines_by_postgresql if connection.vendor == "postgresql" else _lines_by_python
    for chunk in lines(told, cells):
        yield (heading + chunk).encode()
        heading = ""
    if heading:
        yield heading.encode()


def _lines(rows: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=SEPARATOR, lineterminator=LINE_END).writerows(rows)
    return text.getvalue()


def _lines_by_python(told: Sequence[Column], cells: Any) -> Iterator[str]:
    chunk: list[Sequence[Any]] = []
    for row in cells.iterator(chunk_size=AT_A_TIME):
        chunk.append(row)
        if len(chunk) == AT_A_TIME:
            yield _lines(chunk)
            chunk = []
    if chunk:
        yield _lines(chunk)


def _lines_by_postgresql(told: Sequence[Column], cells: Any) -> Iterator[str]:
    """Whole lines from the database, as many at a time as are asked for.

    A cursor of SQL's own, in a transaction: it works through a connection pooler too.
    """
    names = [f"c{number}" for number in range(len(told))]
    quoted = [
        f"""'"' || replace({name}, '"', '""') || '"'""" if column.written else f"{name}::text"
        for name, column in zip(names, told, strict=True)
    ]
    line = f" || '{SEPARATOR}' || ".join(f"coalesce({each}, '')" for each in quoted)
    sql, parameters = cells.query.sql_with_params()
    with transaction.atomic(), connection.cursor() as cursor:
        # The first rows soon, without a sort of them all; and compiling the query would take longer than running it.
        cursor.execute("SET LOCAL cursor_tuple_fraction = 0.001; SET LOCAL jit = off")
        whole = f"SELECT {line} FROM ({sql}) AS v ({', '.join(names)})"  # noqa: S608 - our own names
        cursor.execute(f"DECLARE exported_cases NO SCROLL CURSOR FOR {whole}", parameters)
        while True:
            cursor.execute(f"FETCH {AT_A_TIME} FROM exported_cases")
            rows = cursor.fetchall()
            if not rows:
                break
            yield LINE_END.join(row[0] for row in rows) + LINE_END
        cursor.execute("CLOSE exported_cases")


# The figures


def figures_as_csv(report: Report) -> str:
    """Every number of the page, one a line: what it is about, of what, which number."""
    lines: list[Sequence[Any]] = [
        [gettext("Unit"), gettext("Period"), gettext("Figures"), gettext("Of"), gettext("Number"), gettext("Value")]
    ]
    unit, period = harmless_text(report.unit.name), str(report.period)
    for figures in report.sections:
        for row in (*figures.rows, *((figures.foot,) if figures.foot else ())):
            name = harmless_text(row.name)
            for heading, cell in zip(figures.head[1:], row.cells, strict=True):
                value = "" if cell.value is None else _decimal(cell.value)
                lines.append([unit, period, figures.title, name, heading, value])
    return BOM + _lines(lines)


def _decimal(value: float) -> str:
    """With the comma or point that a spreadsheet in the reader's language expects."""
    text = str(value)
    return text if get_language() == "en" else text.replace(".", ",")


def figures_as_workbook(report: Report) -> tuple[IO[bytes], int]:
    """The figures, a sheet and a table each, and the cases of the period where the person may see them.

    Returns an open temporary file at its beginning, and how many cases are in it.
    """
    book, target = new_workbook(report.unit.name)
    facts = [
        (gettext("Unit"), report.unit.name),
        (gettext("Period"), str(report.period)),
        (gettext("Made"), f"{timezone.localtime():%Y-%m-%d %H:%M}"),
        (gettext("By"), report.user.name),
        *((figures.title, figures.sentence) for figures in report.sections if figures.sentence),
    ]
    front_sheet(book, gettext("About"), facts)
    for number, figures in enumerate(report.sections):
        figures_sheet(book, number, figures)
    written = _cases_sheet(book, report) if report.seen.listed else 0
    book.close()
    target.seek(0)
    return target, written


def _cases_sheet(book: Any, report: Report) -> int:
    """The cases behind the figures. Returns how many."""
    rows = Deviation.objects.visible_to(report.user, within=report.unit).once().filter(**report.period.reported)
    rows = registered(rows, report.origin)
    return _write_cases(book, rows, [*columns(), *asked_columns(report.user)])


def cases_as_workbook(rows: DeviationQuerySet, told: Sequence[Column], order: Sequence[str]) -> tuple[IO[bytes], int]:
    """The list as a spreadsheet of one sheet, and how many cases are in it. An open temporary file."""
    book, target = new_workbook("")
    written = _write_cases(book, rows, told, order)
    book.close()
    target.seek(0)
    return target, written


def _write_cases(
    book: Any, rows: DeviationQuerySet, told: Sequence[Column], order: Sequence[str] = ("-reported_at", "-pk")
) -> int:
    """The cases one below the other, written to disk row by row. Returns how many."""
    book.constant_memory = True  # for this sheet alone: others have tables, which can't be made so
    sheet = book.add_worksheet(sheet_name(gettext("Cases")))
    book.constant_memory = False
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for place, column in enumerate(told):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.heading, bold)
    sheet.freeze_panes(1, 1)
    cells = rows.order_by(*order).values_list(*(column.value for column in told))
    written = 0
    for row in cells[: MOST_CASES + 1].iterator(chunk_size=AT_A_TIME):
        if written == MOST_CASES:
            said = gettext("Only the %(n)s newest cases are here. The CSV file of the cases has them all.")
            sheet.write_string(written + 1, 0, said % {"n": MOST_CASES}, bold)
            break
        written += 1
        for place, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write_datetime(written, place, value, day)
            elif isinstance(value, int):
                sheet.write_number(written, place, value)
            elif value:
                sheet.write_string(written, place, value)
    sheet.autofilter(0, 0, max(written, 1), len(told) - 1)
    return written

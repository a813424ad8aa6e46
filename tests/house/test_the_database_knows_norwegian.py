"""What PostgreSQL does by itself, the embedded database is taught: order, case, and waiting for one's turn."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from kvalitetslosen.database.sqlite3.base import compare_norwegian, like

embedded = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about the embedded database")


def scalar(sql: str, *parameters: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_the_collation_sorts_as_the_alphabet_does() -> None:
    places = ["Ål", "Øystre Slidre", "Zürich", "Ærfugl", "Aasen", "Bø", "øvre", "Åseral", "Audnedal", "aure"]
    union = " UNION ALL ".join(["SELECT CAST(%s AS text) AS place"] * len(places))
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT place FROM ({union}) AS places ORDER BY place COLLATE "nb"', places)
        found = [row[0] for row in cursor.fetchall()]
    assert found == [
        "Audnedal", "aure", "Bø", "Zürich", "Ærfugl", "øvre", "Øystre Slidre", "Ål", "Aasen", "Åseral",
    ]  # fmt: skip


@embedded
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("%åpning%", "Åpningstider", 1),
        ("%ÅPNING%", "åpningstider", 1),
        ("ærlig%", "Ærlighet", 1),
        ("%apning%", "Åpningstider", 0),
        ("%o%", "ØVRE", 0),
        ("b_n%", "Bønn", 1),
        ("linje%slutt", "Linje\nslutt", 1),
        ("100.", "1000", 0),
    ],
)
def test_like_is_blind_to_case_in_every_letter(pattern: str, text: str, matches: int) -> None:
    assert scalar("SELECT %s LIKE %s", text, pattern) == matches


@embedded
@pytest.mark.django_db
def test_like_takes_an_escaped_sign_literally() -> None:
    assert scalar(r"SELECT '50 % Ålesund' LIKE '%50 \% å%' ESCAPE '\'".replace("%", "%%")) == 1
    assert scalar(r"SELECT '50 x ålesund' LIKE '%50 \% å%' ESCAPE '\'".replace("%", "%%")) == 0
    assert scalar("SELECT NULL LIKE 'a'") is None


@given(st.text(max_size=5), st.text(max_size=5), st.text(max_size=5))
def test_the_order_is_an_order(a: str, b: str, c: str) -> None:
    assert compare_norwegian(a, b) == -compare_norwegian(b, a)
    assert (compare_norwegian(a, b) == 0) == (a == b)
    if compare_norwegian(a, b) < 0 and compare_norwegian(b, c) < 0:
        assert compare_norwegian(a, c) < 0


@given(st.text(max_size=8))
def test_every_text_is_like_itself(text: str) -> None:
    escaped = "".join("\\" + letter if letter in "\\%_" else letter for letter in text)
    assert like(escaped, text, "\\") is True
    assert like("%", text) is True


@pytest.fixture
def counter(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE counter (count integer)")
        cursor.execute("INSERT INTO counter VALUES (0)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE counter")


@embedded
@pytest.mark.usefixtures("counter")
def test_writers_at_the_same_time_wait_and_lose_nothing() -> None:
    problems: list[Exception] = []

    def count_up() -> None:
        try:
            for _ in range(25):
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SELECT count FROM counter")
                    cursor.execute("UPDATE counter SET count = %s", [cursor.fetchone()[0] + 1])
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test must show it
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert scalar("SELECT count FROM counter") == 100


@embedded
@pytest.mark.django_db
def test_readers_do_not_stop_a_writer() -> None:
    assert scalar("PRAGMA journal_mode") == "wal"
    assert scalar("PRAGMA synchronous") == 1
    assert scalar("PRAGMA foreign_keys") == 1

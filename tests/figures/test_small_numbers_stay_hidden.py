"""Whoever knows all that is told, and the sum, can't tell which of one to four a hidden number is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kvalitetslosen.figures.protection import hidden

COLUMNS = st.lists(st.one_of(st.integers(0, 6), st.integers(0, 60)), max_size=12)


@given(COLUMNS)
def test_every_small_number_is_hidden(numbers: list[int]) -> None:
    few, with_them = hidden(numbers)
    assert all(not 1 <= n <= 4 for place, n in enumerate(numbers) if place not in few | with_them)


@given(COLUMNS)
def test_each_may_be_any_of_one_to_four(numbers: list[int]) -> None:
    few, with_them = hidden(numbers)
    rest = sum(numbers[place] for place in few | with_them)
    for guessed in range(1, 5) if few else ():
        others = len(few) - 1
        least = guessed + others + 5 * len(with_them)
        most = guessed + 4 * others
        assert rest >= least
        assert with_them or rest <= most


@given(COLUMNS)
def test_no_one_number_is_all_that_is_hidden(numbers: list[int]) -> None:
    few, with_them = hidden(numbers)
    if few:
        assert len(few | with_them) > 1


@given(COLUMNS)
def test_nothing_is_hidden_where_nothing_is_small_and_asked_twice_it_is_the_same(numbers: list[int]) -> None:
    assert hidden(numbers) == hidden(list(numbers))
    if not any(1 <= n <= 4 for n in numbers):
        assert hidden(numbers) == (frozenset(), frozenset())


def test_where_hiding_one_more_is_not_enough_all_are_hidden_alike() -> None:
    few, with_them = hidden([4, 4, 0])
    assert not few
    assert with_them == {0, 1, 2}

"""What is left out of a shared report can't be had by subtraction."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kvalitetslosen.reports.frozen import Part
from kvalitetslosen.reports.small_numbers import LEAST, protected
from kvalitetslosen.ui.charts import Cell, Figures, Row


def table(name: str, columns: list[list[int]], *, apart: bool = False, hrefs: str = "") -> Part:
    """A part with a sum under each column."""
    rows = [
        Row(str(n), [Cell(value, f"{hrefs}{n}" if hrefs else "") for value in values])
        for n, values in enumerate(zip(*columns, strict=True))
    ]
    foot = Row("Together", [Cell(sum(values), f"{hrefs}all" if hrefs else "") for values in columns])
    head = ["What", *(f"c{n}" for n in range(len(columns)))]
    return Part(name, name, Figures(name, name, "A sentence.", head, rows, foot), apart=apart)


columns_of_counts = st.integers(1, 8).flatmap(
    lambda height: st.lists(st.lists(st.integers(0, 30), min_size=height, max_size=height), min_size=1, max_size=3)
)


@settings(max_examples=300)
@given(columns_of_counts, st.booleans())
def test_whatever_is_taken_from_the_sum_leaves_two_numbers_and_five_together(
    columns: list[list[int]], apart: bool
) -> None:
    (part,) = protected([table("a", columns, apart=apart)])
    assert part.figures is not None
    assert part.figures.foot is not None
    for place, values in enumerate(columns):
        shown = [row.cells[place].value for row in part.figures.rows]
        assert all(value is None or value == 0 or value >= LEAST for value in shown)
        hidden = [value for value, kept in zip(values, shown, strict=True) if kept is None]
        foot = part.figures.foot.cells[place].value
        assert foot is None or foot == 0 or foot >= LEAST
        if foot is not None and hidden:
            assert len(hidden) >= 2
            assert sum(hidden) >= LEAST
    left_out = any(cell.value is None for row in part.figures.rows for cell in row.cells)
    assert left_out == (part.figures.sentence == "")


def test_the_same_count_elsewhere_goes_too() -> None:
    first = table("a", [[3, 20, 30]], hrefs="/liste?")
    second = Part("b", "b", Figures("b", "b", "", ["What", "n"], [Row("x", [Cell(20, "/liste?1")])]), apart=True)
    one, other = protected([first, second])
    assert one.figures is not None
    assert other.figures is not None
    assert [row.cells[0].value for row in one.figures.rows] == [None, None, 30]
    assert other.figures.rows[0].cells[0].value is None


def test_a_median_of_few_goes_and_of_many_stays() -> None:
    def times(values: list[int]) -> Part:
        rows = [Row(str(n), [Cell(value)]) for n, value in enumerate(values)]
        figures = Figures("t", "t", "Half.", ["Days", "n"], rows, Row("Median", [Cell(2)]))
        return Part("t", "t", figures, measured="median", apart=True)

    few, many = protected([times([2, 1]), times([6, 9])])
    assert few.figures is not None
    assert many.figures is not None
    assert few.figures.foot is not None
    assert many.figures.foot is not None
    assert (few.figures.foot.cells[0].value, few.figures.sentence) == (None, "")
    assert (many.figures.foot.cells[0].value, many.figures.sentence) == (2, "Half.")


def test_what_a_section_lacks_of_all_is_not_what_is_left_of_them() -> None:
    """Nine were reported and seven are closed: that two are open isn't told."""

    def times(values: list[int]) -> Part:
        rows = [Row(str(n), [Cell(value)]) for n, value in enumerate(values)]
        return Part("t", "t", Figures("t", "t", "Half.", ["Days", "n"], rows), measured="median", apart=True)

    for lacking, hidden in (([7, 0], [None, 0]), ([6, 8], [None, 8]), ([9, 0], [9, 0]), ([7, 5], [7, 5])):
        all_of, closed = protected([table("a", [[9, 0] if sum(lacking) < 10 else [9, 8]]), times(lacking)])
        assert all_of.figures is not None
        assert closed.figures is not None
        assert all_of.figures.rows[0].cells[0].value == 9
        assert [row.cells[0].value for row in closed.figures.rows] == hidden


@settings(max_examples=300)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.lists(st.integers(0, 30), min_size=1, max_size=6))
def test_no_two_sums_of_a_report_differ_by_a_small_number(one: list[int], other: list[int]) -> None:
    parts = protected([table("a", [one]), table("b", [other])])
    sums = [part.figures.foot.cells[0].value for part in parts if part.figures and part.figures.foot]
    assert len(sums) == 2
    told = sorted(each for each in sums if each)
    assert len(told) < 2 or not 0 < told[1] - told[0] < LEAST

"""Limits and signals against worked examples others have published, to the last digit they give."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean

import pytest

from improvement.charts import Kind, Line, Point, fewest_allowed, lines_of, longest_allowed, runs_of

DAY = datetime.date(2026, 1, 1)


def points(values: Sequence[float], sizes: Sequence[float] | None = None) -> list[Point]:
    days = (DAY + datetime.timedelta(days=number) for number in range(len(values)))
    return [Point(day, value, size) for day, value, size in zip(days, values, sizes or [1] * len(values), strict=True)]


def rounded(line: Line, digits: int, times: float = 1) -> tuple[float, float, float]:
    assert line.lower is not None
    assert line.upper is not None
    return round(line.lower * times, digits), round(line.centre * times, digits), round(line.upper * times, digits)


@pytest.mark.parametrize(
    ("useful", "longest", "crossings"), [(10, 6, 2), (12, 7, 3), (15, 7, 4), (20, 7, 6), (24, 8, 8), (30, 8, 10)]
)
def test_the_limits_of_runs_are_those_of_anhoej(useful: int, longest: int, crossings: int) -> None:
    """The check values that qicharts2 gives: n, longest run, fewest crossings."""
    assert (longest_allowed(useful), fewest_allowed(useful)) == (longest, crossings)


def test_numbers_as_in_the_nist_handbook() -> None:
    """NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2, flow rates: 45.8159, 50.81, 55.8041."""
    flow = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    lower, centre, upper = rounded(lines_of(Kind.XMR, points(flow))[0], 4)
    assert (lower, centre, upper) == (45.8159, 50.81, 55.8041)


def test_numbers_as_in_a_textbook_for_health_care() -> None:
    """Anhøj, SPC for Healthcare: 26 systolic pressures, 173.19 ± 2.66 · 11 (their mean step)."""
    pressures = [
        169, 172, 175, 174, 161, 142, 174, 171, 168, 174, 180, 194, 161, 181, 175, 176, 186, 166, 157, 183, 177, 171,
        185, 176, 181, 174,
    ]  # fmt: skip
    lower, centre, upper = rounded(lines_of(Kind.XMR, points(pressures))[0], 1)
    assert (lower, centre, upper) == (143.9, 173.2, 202.4)


def test_counts_as_in_the_nist_handbook() -> None:
    """NIST/SEMATECH e-Handbook, 6.3.3.1, defects on 25 wafers: 4, 16, 28."""
    wafers = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]
    assert rounded(lines_of(Kind.C, points(wafers))[0], 4) == (4, 16, 28)


def test_shares_as_in_the_nist_handbook() -> None:
    """NIST/SEMATECH e-Handbook, 6.3.3.2, 30 wafers of 50 chips: .0524, .2313, .4102."""
    chips = [
        12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6,
    ]  # fmt: skip
    assert rounded(lines_of(Kind.P, points(chips, [50] * 30))[0], 4) == (0.0524, 0.2313, 0.4102)


INFECTIONS = [
    24, 29, 26, 16, 28, 16, 14, 18, 27, 30, 28, 24, 16, 25, 20, 25, 22, 28, 23, 23, 17, 22, 21, 22,
]  # fmt: skip
RISK_DAYS = [
    32421, 29349, 32981, 29588, 30856, 30544, 26482, 27637, 30495, 30600, 31770, 31679, 32720, 29698, 32118, 30212,
    31612, 30514, 26362, 28131, 29071, 28481, 29223, 28611,
]  # fmt: skip
DEATHS = [23, 22, 13, 14, 17, 15, 15, 25, 21, 24, 23, 26, 18, 23, 24, 25, 15, 21, 26, 16, 25, 22, 24, 18]
PATIENTS = [
    100, 105, 99, 85, 98, 85, 89, 99, 103, 86, 110, 98, 93, 96, 115, 102, 94, 94, 94, 97, 114, 108, 102, 104,
]  # fmt: skip


def test_counts_rates_and_shares_as_in_a_textbook_for_health_care() -> None:
    """Anhøj, SPC for Healthcare, calculating control limits: bacteraemias in 24 months.

    c: 22.7, from 8.4 to 36.9, all inside. u: 7.5 per 10 000 days, from about 3.5 to 12. p: 21 %, all inside.
    """
    counts = lines_of(Kind.C, points(INFECTIONS))
    assert rounded(counts[0], 1) == (8.4, 22.7, 36.9)
    rates = lines_of(Kind.U, points(INFECTIONS, RISK_DAYS))
    assert {round(line.centre * 10_000, 1) for line in rates} == {7.5}
    assert max(round(line.lower * 10_000, 1) for line in rates if line.lower) <= 3.6
    assert min(round(line.upper * 10_000, 1) for line in rates if line.upper) >= 11.9
    shares = lines_of(Kind.P, points(DEATHS, PATIENTS))
    assert round(shares[0].centre * 100) == 21
    for values, sizes, lines in (
        (INFECTIONS, [1] * 24, counts),
        (INFECTIONS, RISK_DAYS, rates),
        (DEATHS, PATIENTS, shares),
    ):
        for point, line in zip(points(values, sizes), lines, strict=True):
            assert line.lower is not None
            assert line.upper is not None
            assert line.lower <= point.y <= line.upper


def test_rates_with_sizes_of_their_own() -> None:
    """A worked u chart of ten days (97 in 1 887; limits per day published with five and six digits)."""
    sizes = [110, 112, 195, 185, 245, 250, 100, 170, 250, 270]
    lines = lines_of(Kind.U, points([6, 3, 8, 6, 10, 7, 5, 7, 20, 25], sizes))
    published = [0.116257, 0.115675, 0.100113, 0.101412, 0.094859, 0.094422, 0.119422, 0.103571, 0.094422, 0.092799]
    assert [round(line.upper or 0, 6) for line in lines] == published
    # Below nought the source goes on with negative rates, which don't exist.
    assert [round(line.lower or 0, 6) for line in lines] == [
        0, 0, 0.002696, 0.001397, 0.00795, 0.008386, 0, 0, 0.008386, 0.01001,
    ]  # fmt: skip


def test_time_between_events_is_transformed_as_in_the_textbook() -> None:
    """Montgomery, Introduction to Statistical Quality Control, 7.6: hours between failures of a valve.

    The book rounds 1/3.6 to 0.2777, which moves the values by less than a thousandth.
    """
    hours = [
        286, 948, 536, 124, 816, 729, 4, 143, 431, 8, 2837, 596, 81, 227, 603, 492, 1199, 1214, 2831, 96,
    ]  # fmt: skip
    transformed = [
        4.80986, 6.70903, 5.72650, 3.81367, 6.43541, 6.23705, 1.46958, 3.96768, 5.39007, 1.78151, 9.09618, 5.89774,
        3.38833, 4.51095, 5.91690, 5.59189, 7.16124, 7.18601, 9.09083, 3.55203,
    ]  # fmt: skip
    ours = [lines_of(Kind.T, points([hour]))[0].centre ** (1 / 3.6) for hour in hours]
    assert ours == pytest.approx(transformed, rel=0.001)
    line = lines_of(Kind.T, points(hours))[0]
    mean, steps = fmean(ours), fmean(abs(one - other) for one, other in pairwise(ours))
    assert line.upper is not None
    assert line.upper ** (1 / 3.6) == pytest.approx(mean + 2.66 * steps, abs=0.002)
    assert line.lower == 0  # the sum comes out below nought, and no time is shorter than that


def test_sixty_days_are_transformed_as_in_a_guide_for_hospitals() -> None:
    """https://unaettie.com/en-us/pz/t_chrt.php: 60 days between sentinel events become 3.118."""
    assert round(lines_of(Kind.T, points([60]))[0].centre ** (1 / 3.6), 3) == 3.118


def test_rare_events_have_a_median_in_the_middle_and_the_limit_of_the_geometric_distribution() -> None:
    """Benneyan 2001, as qicharts2 draws it: median; mean + 3√(mean(mean + 1)); the lower limit is 0."""
    line = lines_of(Kind.G, points([2, 4, 6, 8, 20]))[0]  # mean 8, so 8 + 3√72
    assert rounded(line, 2) == (0, 6, 33.46)


def test_a_freak_step_is_left_out_of_the_moving_range() -> None:
    """Nelson 1982, as the NHS and qicharts2 do: a range above 3.267 times the mean range is left out, once."""
    values: list[float] = [10, 11, 10, 11, 10, 11, 10, 11, 10, 11, 30, 31, 30, 31, 30, 31]
    steps = [1] * 9 + [19] + [1] * 5
    assert 3.267 * fmean(steps) < 19
    lower, centre, upper = rounded(lines_of(Kind.XMR, points(values))[0], 2)
    assert centre == 18
    assert upper - centre == pytest.approx(2.66, abs=0.005)
    assert centre - lower == pytest.approx(2.66, abs=0.005)


def test_limits_come_from_the_points_before_the_change_alone() -> None:
    flat, moved = [10.0, 12.0] * 6, [20.0, 22.0] * 5
    frozen = lines_of(Kind.XMR, points(flat + moved), 12)
    assert frozen == lines_of(Kind.XMR, points(flat))[:1] * 22


def test_a_point_on_the_line_neither_counts_nor_breaks_a_run() -> None:
    runs = runs_of([1, 1, 0, 1, -1, -1, 0, 1], 0)
    assert [run.length for run in runs.runs] == [3, 2, 1]
    assert (runs.useful, runs.longest, runs.crossings) == (6, 3, 2)


@pytest.mark.parametrize(("kind", "values"), [(Kind.T, [3.0, 0.0]), (Kind.XMR, [])])
def test_what_cannot_be_drawn_is_refused(kind: Kind, values: list[float]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        lines_of(kind, points(values))


def test_nothing_is_counted_out_of_nothing() -> None:
    with pytest.raises(ValueError, match="out of nothing"):
        lines_of(Kind.P, points([0.0], [0.0]))

"""Which chart is chosen and why, which signals it shows, and what it says of a change."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest

from improvement.charts import Better, Chart, Kind, Nature, Point, Rule, Verdict, Why, choose, gaps, read, suggest
from improvement.charts.words import middle_of, said_of, suggested

DAY = datetime.date(2025, 1, 1)
CALM = [10, 12, 9, 11, 13, 10, 8, 12, 11, 9, 10, 12, 11, 13, 9, 10, 12, 8, 11, 10]


def points(values: Sequence[float], size: float = 1) -> list[Point]:
    days = (DAY + datetime.timedelta(days=number) for number in range(len(values)))
    return [
        Point(day, value, size, f"day {number}") for number, (day, value) in enumerate(zip(days, values, strict=True))
    ]


def day(number: int) -> datetime.date:
    return DAY + datetime.timedelta(days=number)


@pytest.mark.parametrize(
    ("nature", "values", "kind", "why"),
    [
        (Nature.NUMBER, CALM, Kind.XMR, Why.NUMBER),
        (Nature.COUNT, CALM, Kind.C, Why.COUNT),
        (Nature.RATE, CALM, Kind.U, Why.RATE),
        (Nature.SHARE, [0.5] * 12, Kind.P, Why.SHARE),
        (Nature.DAYS, CALM, Kind.G, Why.WHOLE_DAYS),
        (Nature.DAYS, [*CALM, 0], Kind.G, Why.WHOLE_DAYS),
        (Nature.DAYS, [*CALM, 2.5], Kind.T, Why.TIMES),
        (Nature.DAYS, [*CALM, 2.5, 0], Kind.G, Why.WHOLE_DAYS),
        (Nature.NUMBER, CALM[:11], Kind.RUN, Why.FEW),
        (Nature.NUMBER, CALM[:12], Kind.XMR, Why.NUMBER),
        (Nature.COUNT, [0, 0, 1] * 20, Kind.G, Why.RARE),
        (Nature.COUNT, [0, 1] * 10, Kind.C, Why.COUNT),
    ],
)
def test_the_chart_is_chosen_by_the_values(nature: Nature, values: Sequence[float], kind: Kind, why: Why) -> None:
    choice = choose(nature, points(values, size=1 if nature != Nature.SHARE else 2))
    assert (choice.kind, choice.why) == (kind, why)


def test_only_the_values_before_the_change_count_when_it_is_chosen() -> None:
    assert choose(Nature.COUNT, points([0, 0, 1] * 8 + [5] * 30), 24).why is Why.RARE
    assert choose(Nature.NUMBER, points(CALM), 8).why is Why.FEW


def test_the_gaps_between_rare_events() -> None:
    """An event in the third, fourth and twice in the seventh period: none between, then two, then none."""
    assert [point.y for point in gaps(points([0, 0, 1, 1, 0, 0, 2]))] == [0, 2, 0]
    chart = read(Nature.COUNT, points([0, 0, 1] * 15))
    assert (chart.kind, chart.as_gaps, len(chart.points)) == (Kind.G, True, 14)
    assert read(Nature.COUNT, points([0, 0, 1] * 6)).kind is Kind.RUN


def test_calm_values_give_no_signal() -> None:
    chart = read(Nature.NUMBER, points(CALM))
    assert chart.signals == ()
    assert said_of(chart) == ["Nothing is more than chance: the values vary as they usually do."]


def signals(chart: Chart) -> list[tuple[Rule, int, int, bool | None]]:
    return [(each.rule, each.first, each.last, each.above) for each in chart.signals]


def test_a_point_beyond_a_limit() -> None:
    chart = read(Nature.NUMBER, points([*CALM[:12], 40, *CALM[12:]]))
    assert (Rule.OUTSIDE, 12, 12, True) in signals(chart)
    assert "Above the upper limit: day 12. Ask what was special then." in said_of(chart)
    low = read(Nature.NUMBER, points([*CALM[:12], -20, *CALM[12:]]))
    assert (Rule.OUTSIDE, 12, 12, False) in signals(low)


def test_a_run_that_chance_does_not_give() -> None:
    chart = read(Nature.NUMBER, points(CALM + [14] * 9), day(20))
    assert (Rule.LONG_RUN, 20, 28, True) in signals(chart)
    assert any("From day 20 to day 28 the values stay above" in each for each in said_of(chart))


def test_too_few_crossings() -> None:
    chart = read(Nature.NUMBER, points([1, 2, 1, 2, 1, 9, 8, 9, 8, 9, 1, 2]))
    assert Rule.FEW_CROSSINGS in {each.rule for each in chart.signals}


def test_two_of_three_far_out() -> None:
    steady = [10.0, 11.0] * 8
    chart = read(Nature.NUMBER, points([*steady, 12.6, 10.5, 12.6, *steady]), day(16))
    assert [each for each in signals(chart) if each[0] is Rule.OUTER_THIRD] == [(Rule.OUTER_THIRD, 16, 18, True)]


def test_few_values_say_nothing() -> None:
    chart = read(Nature.NUMBER, points([1, 1, 1, 1, 9, 9, 9, 9, 9]))
    assert chart.signals == ()
    assert said_of(chart) == ["There are too few values to tell chance from change. Ten is the least."]
    empty = read(Nature.NUMBER, [])
    assert (empty.points, middle_of(empty)) == ((), "There are no values yet.")


def test_the_baseline_stays_where_it_was() -> None:
    before = read(Nature.NUMBER, points(CALM))
    after = read(Nature.NUMBER, points(CALM + [2] * 30), day(20))
    assert after.lines[0] == before.lines[0]
    assert after.baseline == 20
    assert "It is counted from the 20 values before the change and stays there." in middle_of(after)


@pytest.mark.parametrize("changed", [day(0), day(-5), day(20), day(400)])
def test_a_change_before_or_after_all_values_counts_as_none(changed: datetime.date) -> None:
    chart = read(Nature.NUMBER, points(CALM), changed)
    assert chart.baseline is None
    assert suggest(chart, Better.DOWN).verdict is None


@pytest.mark.parametrize(
    ("since", "better", "verdict"),
    [
        ([5] * 10, Better.DOWN, Verdict.IMPROVED),
        ([5] * 10, Better.UP, Verdict.WORSE),
        ([16] * 10, Better.UP, Verdict.IMPROVED),
        ([16] * 10, Better.DOWN, Verdict.WORSE),
        ([5] * 10, Better.NEITHER, None),
        (CALM[:10], Better.DOWN, Verdict.UNCHANGED),
        (CALM[:10], Better.NEITHER, Verdict.UNCHANGED),
        ([5] * 5, Better.DOWN, Verdict.TOO_EARLY),
        ([10, 12, 25, 9, 11, 10, 12], Better.DOWN, Verdict.UNCHANGED),  # once is an event, not a change
        ([5] * 9 + [16] * 12, Better.DOWN, Verdict.WORSE),  # it came back: the latest counts
    ],
)
def test_what_the_chart_says_of_the_change(since: Sequence[float], better: Better, verdict: Verdict | None) -> None:
    chart = read(Nature.NUMBER, points([*CALM, *since]), day(20))
    suggestion = suggest(chart, better)
    assert suggestion.verdict == verdict
    assert suggested(chart, suggestion)


def test_longer_between_is_better_where_fewer_are() -> None:
    """Once every third month before, once every tenth month after."""
    months = [0, 0, 1] * 16 + ([0] * 9 + [1]) * 10
    chart = read(Nature.COUNT, points(months), day(48))
    assert chart.as_gaps
    assert suggest(chart, Better.DOWN).verdict == Verdict.IMPROVED
    assert suggest(chart, Better.UP).verdict == Verdict.WORSE


def test_two_values_on_a_run_chart_alone_are_too_early() -> None:
    chart = read(Nature.NUMBER, points([5, 6, 4, 5, 6, 7, 4, 3]), day(4))
    assert chart.kind is Kind.RUN
    assert suggest(chart, Better.DOWN).verdict == Verdict.TOO_EARLY

"""Charts that tell chance from change: run charts and control charts, as functions of values and nothing else."""

from improvement.charts.limits import Kind, Line, lines_of
from improvement.charts.picture import Marked, drawn
from improvement.charts.points import Better, Nature, Point, gaps
from improvement.charts.reading import Chart, Rule, Signal, Why, choose, read
from improvement.charts.runs import FEWEST, Run, Runs, fewest_allowed, longest_allowed, runs_of
from improvement.charts.verdict import ENOUGH_AFTER, Suggestion, Verdict, suggest

__all__ = [
    "ENOUGH_AFTER",
    "FEWEST",
    "Better",
    "Chart",
    "Kind",
    "Line",
    "Marked",
    "Nature",
    "Point",
    "Rule",
    "Run",
    "Runs",
    "Signal",
    "Suggestion",
    "Verdict",
    "Why",
    "choose",
    "drawn",
    "fewest_allowed",
    "gaps",
    "lines_of",
    "longest_allowed",
    "read",
    "runs_of",
    "suggest",
]

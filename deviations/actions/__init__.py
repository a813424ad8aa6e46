"""The verbs of a deviation's life. Rights are asked before, in the view; states are checked once, in ``move``."""

from deviations.actions.deadlines import rules_of
from deviations.actions.handling import (
    analyse,
    assess,
    close,
    make_proposal,
    not_deviation,
    receive,
    receive_and_close,
    reclassify,
    reopen,
    start,
)
from deviations.actions.merging import CannotMerge, may_merge, merge, on_merged
from deviations.actions.reporting import report
from deviations.actions.routing import (
    NobodyAbove,
    assignment_above,
    escalate,
    forward,
    hand_over_case,
    leader_above,
    reporter_ids,
    take_over,
)
from deviations.actions.talking import (
    answer,
    ask_reporter,
    open_identity,
    resume,
    say_whether_it_helped,
    write_message,
)

__all__ = [
    "CannotMerge",
    "NobodyAbove",
    "analyse",
    "answer",
    "ask_reporter",
    "assess",
    "assignment_above",
    "close",
    "escalate",
    "forward",
    "hand_over_case",
    "leader_above",
    "make_proposal",
    "may_merge",
    "merge",
    "not_deviation",
    "on_merged",
    "open_identity",
    "receive",
    "receive_and_close",
    "reclassify",
    "reopen",
    "report",
    "reporter_ids",
    "resume",
    "rules_of",
    "say_whether_it_helped",
    "start",
    "take_over",
    "write_message",
]

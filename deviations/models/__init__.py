"""What is reported, and what it is described and counted with, a file for each noun."""

from deviations.models.category import EXAMPLES, Category, Example
from deviations.models.choices import SERIOUS, Harm, Kind, Naming, Severity, Topic, When, severity_of
from deviations.models.deviation import (
    OPENING,
    CaseCode,
    Counter,
    Deviation,
    DeviationQuerySet,
    Message,
    SealedIdentity,
)
from deviations.models.figures import FigureCount
from deviations.models.reflection import Reflection, ReflectionQuerySet, WallScreen
from deviations.models.related import Related, related_to
from deviations.models.rules import HandlingRules
from deviations.models.tally import (
    CHOICES_IN_LINE,
    MILD,
    TICKED,
    Shift,
    Spot,
    TallyChoice,
    TallySheet,
    Tick,
    TickQuerySet,
    sees_sheets,
)
from deviations.models.task import Asking, Task, TaskQuerySet

__all__ = [
    "CHOICES_IN_LINE",
    "EXAMPLES",
    "MILD",
    "OPENING",
    "SERIOUS",
    "TICKED",
    "Asking",
    "CaseCode",
    "Category",
    "Counter",
    "Deviation",
    "DeviationQuerySet",
    "Example",
    "FigureCount",
    "HandlingRules",
    "Harm",
    "Kind",
    "Message",
    "Naming",
    "Reflection",
    "ReflectionQuerySet",
    "Related",
    "SealedIdentity",
    "Severity",
    "Shift",
    "Spot",
    "TallyChoice",
    "TallySheet",
    "Task",
    "TaskQuerySet",
    "Tick",
    "TickQuerySet",
    "Topic",
    "WallScreen",
    "When",
    "related_to",
    "sees_sheets",
    "severity_of",
]

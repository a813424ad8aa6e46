"""What has changed where somebody leads, in sentences that each have their figures: see docs/decisions/0044."""

from improvement.overview.facts import Fact, Kind
from improvement.overview.looking import Look, Sentence, look
from improvement.overview.scope import LEADING, Scope, may_look

__all__ = ["LEADING", "Fact", "Kind", "Look", "Scope", "Sentence", "look", "may_look"]

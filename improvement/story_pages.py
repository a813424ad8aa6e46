"""What stories put in the menu, on the morning page and on the page of a closed case."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from deviations.models import Deviation
from improvement import story_access
from improvement.models import LearningStory, StoryQuestion
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.registry import MenuEntry, TodaySection, register_menu, register_panel, register_today

SHOWN = 8

register_menu(MenuEntry(_("Learning"), "stories:list", order=42, icon="lightbulb"))


def waiting_rows(user: User) -> QuerySet[LearningStory]:
    return LearningStory.objects.to_read(user) | LearningStory.objects.to_change(user)


def waiting(user: User) -> dict[str, Any] | None:
    """Stories one is asked to read for privacy, and one's own that somebody wants changed."""
    rows = list(waiting_rows(user).select_related("teller").order_by("sent_at", "pk")[: SHOWN + 1])
    return {"rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": len(rows) > SHOWN} if rows else None


def questions_rows(user: User) -> QuerySet[StoryQuestion]:
    return StoryQuestion.objects.to_answer(user)


def questions(user: User) -> dict[str, Any] | None:
    """What others ask about one's stories."""
    rows = list(
        questions_rows(user).select_related("asker__municipality", "story").order_by("asked_at", "pk")[: SHOWN + 1]
    )
    return {"rows": rows[:SHOWN], "count": len(rows[:SHOWN]), "more": len(rows) > SHOWN} if rows else None


def in_case(user: User, deviation: Deviation) -> dict[str, Any] | None:
    """One tap to tell what was learnt, for whoever handled the case; and one's own story, never another's."""
    if not story_access.may_tell_from(deviation, user):
        return None
    own = None
    if getattr(deviation, "is_told", True):
        own = LearningStory.objects.told_by(user).filter(deviation=deviation).order_by("-created_at").first()
    return {"deviation": deviation, "own": own}


register_today(TodaySection(order=28, template="improvement/today/stories.html", context=waiting, rows=waiting_rows))
register_today(
    TodaySection(order=29, template="improvement/today/story_questions.html", context=questions, rows=questions_rows)
)
register_panel("deviations.case", template="improvement/stories/case_panel.html", context=in_case, order=58)

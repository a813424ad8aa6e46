"""What is handed over of stories when somebody leaves: those they tell, and those they are to read for privacy."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from improvement.actions import inherit_reading, inherit_story
from improvement.heirs import heir_of
from improvement.models import LearningStory
from improvement.story_lifecycle import StoryState
from kvalitetslosen.organisation import handover
from kvalitetslosen.organisation.models import User

ANSWERED_FOR = (StoryState.DRAFT, StoryState.READING, StoryState.PUBLISHED)


def answered_for(user: User) -> QuerySet[LearningStory]:
    return LearningStory.objects.filter(teller=user, state__in=ANSWERED_FOR) | LearningStory.objects.to_read(user)


def count(user: User) -> int:
    return answered_for(user).count()


def move(*, user: User, to: User, by: User | None) -> None:
    """What they tell to the heir, who answers questions from then on; what they are to read, unless that is barred.

    A story from a case about the heir goes where its actions would.
    """
    rows = answered_for(user).select_related("teller", "deviation__handler", "deviation__handling_unit", "measure")
    for story in rows.order_by("pk"):
        if story.teller_id == user.pk:
            inherit_story(story=story, by=by, to=heir_of(story, leaving=user, to=to))
        else:
            inherit_reading(story=story, by=by, to=to)


def unseen(user: User, to: User) -> bool:
    return answered_for(user).exclude(pk__in=LearningStory.objects.visible_to(to).values("pk")).exists()


handover.register(
    handover.Responsibility(
        "improvement.stories",
        gettext_lazy("Learning stories"),
        count=count,
        move=move,
        unseen=unseen,
        hint=gettext_lazy("Whoever leads the unit from now on: drafts, and questions about what is published."),
        order=55,
    )
)

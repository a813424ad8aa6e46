"""The life of a learning story: written, read for privacy by somebody else, published, withdrawn. Data only."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kvalitetslosen.journal.transitions import Lifecycle, Step


class StoryState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("a story", "Draft")
    READING = "reading", pgettext_lazy("a story", "Read for privacy")
    PUBLISHED = "published", pgettext_lazy("a story", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("a story", "Withdrawn")


class StoryPart(models.TextChoices):
    """What a person is to one story."""

    TELLER = "teller", _("who tells it")
    READER = "reader", _("who reads it for privacy")


_TELLER = frozenset({StoryPart.TELLER})
_READER = frozenset({StoryPart.READER})
_DRAFT = frozenset({str(StoryState.DRAFT)})
_READING = frozenset({str(StoryState.READING)})
_PUBLISHED = frozenset({str(StoryState.PUBLISHED)})
_WITHDRAWN = frozenset({str(StoryState.WITHDRAWN)})

STORY = Lifecycle(
    start=StoryState.DRAFT,
    # Where it comes from is a secret as well: whoever reads the journal of stories finds no case there.
    secret=frozenset(
        {"title", "happened", "made_sense", "changed", "helped", "wanted", "measure", "season", "year", "category"}
    ),
    steps=(
        Step(
            name="send",
            sources=_DRAFT,
            target=StoryState.READING,
            parts=_TELLER,
            label=_("Send to a second reader"),
            event="improvement.story_sent",
            needs=frozenset({"reader", "title", "happened", "made_sense", "changed", "helped"}),
        ),
        Step(
            name="write",
            sources=_DRAFT,
            target=None,
            parts=_TELLER,
            label=_("Go on writing"),
            event="improvement.story_written",
        ),
        Step(
            name="publish",
            sources=_READING,
            target=StoryState.PUBLISHED,
            parts=_READER,
            label=_("Nobody can be recognised: publish it"),
            event="improvement.story_published",
        ),
        Step(
            name="want",
            sources=_READING,
            target=StoryState.DRAFT,
            parts=_READER,
            label=_("Ask for a change"),
            event="improvement.story_change_wanted",
            needs=frozenset({"wanted"}),
        ),
        Step(
            name="fetch_back",
            sources=_READING,
            target=StoryState.DRAFT,
            parts=_TELLER,
            label=_("Take it back to write more"),
            event="improvement.story_fetched_back",
        ),
        Step(
            name="withdraw",
            sources=_PUBLISHED,
            target=StoryState.WITHDRAWN,
            parts=_TELLER | _READER,
            label=_("Withdraw the story"),
            event="improvement.story_withdrawn",
        ),
        Step(
            name="put_away",
            sources=_DRAFT,
            target=StoryState.WITHDRAWN,
            parts=_TELLER,
            label=_("Put the draft away"),
            event="improvement.story_put_away",
        ),
        Step(
            name="revise",
            sources=_WITHDRAWN,
            target=StoryState.DRAFT,
            parts=_TELLER,
            label=_("Write on it again"),
            event="improvement.story_revised",
        ),
        Step(
            name="inherit",  # no button: who tells it leaves, and somebody else answers for it
            sources=_DRAFT | _READING | _PUBLISHED,
            target=None,
            parts=frozenset(),
            label=_("Take over from somebody who leaves"),
            event="improvement.story_inherited",
            needs=frozenset({"teller"}),
        ),
        Step(
            name="read_instead",  # no button: who was to read it leaves
            sources=_READING,
            target=None,
            parts=frozenset(),
            label=_("Take over from somebody who leaves"),
            event="improvement.story_reader_inherited",
            needs=frozenset({"reader"}),
        ),
    ),
)

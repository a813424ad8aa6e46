"""The journal of stories in sentences. Which case a story comes from is said nowhere."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kvalitetslosen.journal import sentences
from kvalitetslosen.journal.sentences import Telling
from kvalitetslosen.organisation.models import User


def sent(telling: Telling) -> str:
    if not telling.changed("reader"):
        return _("%(who)s sent it to the second reader again.") % {"who": telling.who}
    names = {"who": telling.who, "reader": telling.named("reader", telling.new("reader"))}
    return _("%(who)s sent it to %(reader)s, to be read for privacy.") % names


def taken_over(telling: Telling) -> str:
    return _("%(new)s tells it instead of %(old)s, who leaves.") % _old_and_new(telling, "teller")


def read_by_another(telling: Telling) -> str:
    return _("%(new)s reads it for privacy instead of %(old)s, who leaves.") % _old_and_new(telling, "reader")


def _old_and_new(telling: Telling, field: str) -> dict[str, str]:
    return {"old": telling.named(field, telling.old(field)), "new": telling.named(field, telling.new(field))}


sentences.register(
    {
        "improvement.story_begun": gettext_lazy("%(who)s began to write."),
        "improvement.story_written": gettext_lazy("%(who)s wrote on it."),
        "improvement.story_sent": sent,
        "improvement.story_published": gettext_lazy("%(who)s read it for privacy and published it."),
        "improvement.story_change_wanted": gettext_lazy("%(who)s asked for a change."),
        "improvement.story_fetched_back": gettext_lazy("%(who)s took it back to write more."),
        "improvement.story_withdrawn": gettext_lazy("%(who)s withdrew the story."),
        "improvement.story_put_away": gettext_lazy("%(who)s put the draft away."),
        "improvement.story_revised": gettext_lazy("%(who)s took it up again."),
        "improvement.story_inherited": taken_over,
        "improvement.story_reader_inherited": read_by_another,
        "improvement.story_tried": gettext_lazy("%(who)s told the result of trying it."),
        "improvement.story_result_changed": gettext_lazy("%(who)s told a newer result."),
        "improvement.story_asked": gettext_lazy("%(who)s asked."),
        "improvement.story_answered": gettext_lazy("%(who)s answered."),
        "improvement.learnt_from": gettext_lazy("Something was learnt from this, and is told without names."),
    },
    refers={"reader": User, "teller": User},
    icons={
        "improvement.story_published": "check-circle",
        "improvement.story_change_wanted": "chat",
        "improvement.story_withdrawn": "close",
        "improvement.learnt_from": "lightbulb",
    },
)

"""The journal of cases in sentences: what each event says, with old and new in words."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from deviations.lifecycle import State
from deviations.models import Category, Deviation, Kind, Severity
from deviations.whistle import journal as whistle_journal  # noqa: F401 - its check is registered on import
from documents.models import Document
from kvalitetslosen.journal import sentences
from kvalitetslosen.journal.sentences import Telling
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.dates import full, in_words, local_day

REPORTER = gettext_lazy("The reporter")


def day(value: Any) -> str:
    """A moment or date as the journal keeps it, as a date in words."""
    text = str(value)
    if len(text) > len("2026-09-01"):
        return full(local_day(datetime.datetime.fromisoformat(text)))
    return full(datetime.date.fromisoformat(text))


def word(choices: Any, value: Any) -> str:
    """What a choice is called inside a sentence; itself where it is a choice no longer."""
    return str(dict(choices.choices).get(value, value)).lower()


def together(*said: str) -> str:
    """Whole sentences after each other."""
    return " ".join(sentence for sentence in said if sentence)


def new_deadline(telling: Telling) -> str:
    if not telling.changed("deadline"):
        return ""
    return _("The deadline was moved from %(old)s to %(new)s.") % {
        "old": day(telling.old("deadline")),
        "new": day(telling.new("deadline")),
    }


def person(telling: Telling, field: str, pk: int | None) -> str:
    """Somebody to whom something happened; the reader by «you»."""
    return _("you") if telling.is_reader(pk) else telling.named(field, pk)


def went_to(telling: Telling, handler: int | None) -> str:
    if handler is None:
        return _("Nobody could handle it.")
    return _("It went to %(handler)s.") % {"handler": person(telling, "handler", handler)}


def reported(telling: Telling) -> str:
    first = _("%(who)s reported the case.") % {"who": telling.who}
    if telling.event.by_id is None and not telling.about_reader:
        # Nobody handles their own report: a case that passed its leader by would tell who it was.
        return first
    if telling.data.get("acting_for") is None:
        return together(first, went_to(telling, telling.data.get("handler")))
    second = _("It went to %(handler)s, who stands in for %(leader)s.") % {
        "handler": person(telling, "handler", telling.data.get("handler")),
        "leader": person(telling, "acting_for", telling.data["acting_for"]),
    }
    return together(first, second)


def brought_in(telling: Telling) -> str:
    first = _("The case came from %(system)s.") % {"system": telling.data.get("system", "")}
    handler = telling.data.get("handler")
    return together(first, went_to(telling, handler)) if handler else first


def from_system(words: Any) -> Any:
    def say(telling: Telling) -> str:
        return str(words) % {"system": telling.data.get("system", "")}

    return say


def received(telling: Telling) -> str:
    before = telling.old("handler")
    names = {"who": telling.who, "before": person(telling, "handler", before)}
    if before is None:
        return _("%(who)s received the case.") % names
    return _("%(who)s received the case, which lay with %(before)s.") % names


def assessed(telling: Telling) -> str:
    consequence, probability = telling.new("consequence"), telling.new("probability")
    old, new = telling.old("severity"), telling.new("severity")
    names = {
        "who": telling.who,
        "old": word(Severity, old),
        "new": word(Severity, new),
        "consequence": consequence,
        "probability": probability,
    }
    if not telling.changed("severity"):
        said = _("%(who)s assessed the severity anew, and it stayed the same.") % names
    elif not old:
        said = _("%(who)s assessed the severity as %(new)s (%(consequence)s × %(probability)s).") % names
    else:
        said = _("%(who)s changed the severity from %(old)s to %(new)s.") % names
    return together(said, new_deadline(telling))


def closed(telling: Telling) -> str:
    at_once = telling.old("state") == State.REPORTED
    if telling.about_reader:
        said = (
            _("%(who)s received the case and closed it with an answer to you.")
            if at_once
            else _("%(who)s closed the case with an answer to you.")
        )
    else:
        said = (
            _("%(who)s received the case and closed it with an answer to the reporter.")
            if at_once
            else _("%(who)s closed the case with an answer to the reporter.")
        )
    first = said % {"who": telling.who}
    severity = ""
    if new := telling.new("severity"):
        severity = _("The severity was assessed as %(new)s.") % {"new": word(Severity, new)}
    effect = ""
    if on := telling.new("effect_check_on"):
        effect = _("The effect is to be looked at on %(day)s.") % {"day": day(on)}
    return together(first, severity, effect)


def message_written(telling: Telling) -> str:
    if telling.data.get("from_reporter"):
        return _("%(who)s wrote to the one who handles the case.") % {"who": telling.who}
    said = _("%(who)s wrote to you.") if telling.about_reader else _("%(who)s wrote to the reporter.")
    return said % {"who": telling.who}


def asked(telling: Telling) -> str:
    said = _("%(who)s asked you something.") if telling.about_reader else _("%(who)s asked the reporter something.")
    return said % {"who": telling.who}


def identity_opened(telling: Telling) -> str:
    said = (
        _("%(who)s looked at your hidden name.")
        if telling.about_reader
        else _("%(who)s looked at the reporter's hidden name.")
    )
    return said % {"who": telling.who}


def taken_over(telling: Telling) -> str:
    before = telling.old("handler")
    names = {"who": telling.who, "before": person(telling, "handler", before)}
    if before is None:
        return _("%(who)s took the case.") % names
    return _("%(who)s took over the case from %(before)s.") % names


def forwarded(telling: Telling) -> str:
    names = {
        "who": telling.who,
        "old": telling.named("handling_unit", telling.old("handling_unit")),
        "new": telling.named("handling_unit", telling.new("handling_unit")),
    }
    if telling.changed("handling_unit"):
        first = _("%(who)s sent the case from %(old)s to %(new)s.") % names
    else:
        first = _("%(who)s sent the case to be received anew.") % names
    return together(first, went_to(telling, telling.new("handler")) if telling.changed("handler") else "")


def escalated(telling: Telling) -> str:
    return _("%(who)s sent the case up to %(above)s.") % {
        "who": telling.who,
        "above": person(telling, "handler", telling.new("handler")),
    }


def handed_over(telling: Telling) -> str:
    return _("%(who)s handed the case over from %(old)s to %(new)s.") % {
        "who": telling.who,
        "old": person(telling, "handler", telling.old("handler")),
        "new": person(telling, "handler", telling.new("handler")),
    }


def merged(telling: Telling) -> str:
    if telling.about_reader:  # which one it is belongs to somebody else
        return _("%(who)s merged the case into another one that tells of the same.") % {"who": telling.who}
    return _("%(who)s merged the case into %(case)s.") % {
        "who": telling.who,
        "case": telling.named("merged_into", telling.new("merged_into")),
    }


def merged_here(telling: Telling) -> str:
    """Which one it was is on the page, for those who may see it."""
    first = _("%(who)s merged another case that tells of the same into this one.") % {"who": telling.who}
    if telling.about_reader:
        return first
    severity = ""
    if new := telling.new("severity"):
        severity = _("The severity follows from it: %(new)s.") % {"new": word(Severity, new)}
    return together(first, severity, new_deadline(telling))


def parted(telling: Telling) -> str:
    if telling.about_reader:
        said = _("%(who)s took the case out of the one it had been merged into: it goes on by itself.")
        return said % {"who": telling.who}
    return _("%(who)s undid the merging into %(case)s: the case goes on by itself.") % {
        "who": telling.who,
        "case": telling.named("out_of", telling.data.get("out_of")),
    }


def parted_here(telling: Telling) -> str:
    first = _("%(who)s took a case that had been merged into this one out again.") % {"who": telling.who}
    if telling.about_reader:
        return first
    severity = ""
    if telling.changed("severity"):
        new = telling.new("severity")
        severity = (
            _("The severity is %(new)s again.") % {"new": word(Severity, new)}
            if new
            else _("The severity is not assessed any more.")
        )
    return together(first, severity, new_deadline(telling))


def reopened(telling: Telling) -> str:
    return together(_("%(who)s opened the case again.") % {"who": telling.who}, new_deadline(telling))


def colleague_asked(telling: Telling) -> str:
    colleague = telling.data.get("colleague")
    names = {"who": telling.who, "colleague": person(telling, "colleague", colleague)}
    if not telling.data.get("reads"):
        return _("%(who)s asked %(colleague)s for help.") % names
    if telling.about_reader:
        return _("%(who)s asked %(colleague)s for help, who may read what you wrote, without your name.") % names
    return _("%(who)s asked %(colleague)s for help, who may read what the reporter wrote.") % names


def colleague_released(telling: Telling) -> str:
    return _("%(who)s took back what %(colleague)s was asked.") % {
        "who": telling.who,
        "colleague": person(telling, "colleague", telling.data.get("colleague")),
    }


def judged(telling: Telling) -> str:
    if telling.new("helped"):
        return _("%(who)s said that the answer helped.") % {"who": telling.who}
    return _("%(who)s said that the answer did not help.") % {"who": telling.who}


def reclassified(telling: Telling) -> str:
    said = []
    if telling.changed("kind"):
        said.append(
            _("%(who)s changed the kind from %(old)s to %(new)s.")
            % {
                "who": telling.who,
                "old": word(Kind, telling.old("kind")),
                "new": word(Kind, telling.new("kind")),
            }
        )
    said.append(_swapped(telling, "category", CATEGORY))
    said.append(_swapped(telling, "breached_document", PROCEDURE))
    if telling.changed("handler"):
        said.append(went_to(telling, telling.new("handler")))
    return together(*said) or _("%(who)s corrected what the case is about.") % {"who": telling.who}


def questions_answered(telling: Telling) -> str:
    n = len(telling.data.get("answers", ()))
    said = ngettext("%(who)s answered a question about it.", "%(who)s answered %(n)s questions about it.", n)
    return said % {"who": telling.who, "n": in_words(n)}


CATEGORY = (
    gettext_lazy("%(who)s changed the category from “%(old)s” to “%(new)s”."),
    gettext_lazy("%(who)s set the category to “%(new)s”."),
    gettext_lazy("%(who)s removed the category “%(old)s”."),
)
PROCEDURE = (
    gettext_lazy("%(who)s changed the procedure that was not followed from “%(old)s” to “%(new)s”."),
    gettext_lazy("%(who)s pointed to the procedure that was not followed, “%(new)s”."),
    gettext_lazy("%(who)s removed the procedure “%(old)s”."),
)


def _swapped(telling: Telling, field: str, sentences_for: tuple[Any, Any, Any]) -> str:
    if not telling.changed(field):
        return ""
    old, new = telling.old(field), telling.new(field)
    changed, added, removed = sentences_for
    sentence = changed if old and new else added if new else removed
    names = {"who": telling.who, "old": telling.named(field, old), "new": telling.named(field, new)}
    return str(sentence) % names


def overdue_told(telling: Telling) -> str:
    leader = telling.data.get("leader")
    if telling.is_reader(leader):
        return _("The deadline had passed, and you were told.")
    return _("The deadline had passed, and %(leader)s was told.") % {"leader": telling.named("leader", leader)}


def unreceived_told(telling: Telling) -> str:
    leader = telling.data.get("leader")
    if telling.is_reader(leader):
        return _("Nobody had received the case in time, and you were told.")
    return _("Nobody had received the case in time, and %(leader)s was told.") % {
        "leader": telling.named("leader", leader)
    }


sentences.register(
    {
        "deviations.reported": reported,
        "deviations.brought_in": brought_in,
        "deviations.brought_again": from_system(gettext_lazy("%(system)s sent a change, which was taken over.")),
        "deviations.registered_elsewhere": from_system(gettext_lazy("The case is registered in %(system)s too.")),
        "deviations.ended_elsewhere": from_system(gettext_lazy("The case was closed in %(system)s.")),
        "deviations.received": received,
        "deviations.assessed": assessed,
        "deviations.started": gettext_lazy("%(who)s started work on the case."),
        "deviations.analysed": gettext_lazy("%(who)s wrote down the cause."),
        "deviations.closed": closed,
        "deviations.asked": asked,
        "deviations.answered": gettext_lazy("%(who)s answered."),
        "deviations.resumed": gettext_lazy("%(who)s went on without waiting for the answer."),
        "deviations.message_written": message_written,
        "deviations.taken_over": taken_over,
        "deviations.forwarded": forwarded,
        "deviations.escalated": escalated,
        "deviations.handed_over": handed_over,
        "deviations.merged": merged,
        "deviations.merged_here": merged_here,
        "deviations.parted": parted,
        "deviations.parted_here": parted_here,
        "deviations.linked": gettext_lazy("%(who)s linked a case that belongs together with this one."),
        "deviations.unlinked": gettext_lazy("%(who)s took away a link to another case."),
        "deviations.not_deviation": gettext_lazy("%(who)s answered that this isn't a deviation."),
        "deviations.made_proposal": gettext_lazy("%(who)s let the case go on as an improvement proposal."),
        "deviations.reopened": reopened,
        "deviations.judged": judged,
        "deviations.colleague_asked": colleague_asked,
        "deviations.colleague_answered": gettext_lazy("%(who)s answered what a colleague asked."),
        "deviations.colleague_released": colleague_released,
        "deviations.taken_to_team": gettext_lazy("%(who)s put the case on the list for the team meeting."),
        "deviations.taken_from_team": gettext_lazy("%(who)s took the case off the list for the team meeting."),
        "deviations.talked_about": gettext_lazy("%(who)s kept what the team said about the case."),
        "deviations.identity_opened": identity_opened,
        "deviations.reclassified": reclassified,
        "deviations.questions_answered": questions_answered,
        "deviations.contact_forgotten": gettext_lazy("What the reporter had left to be reached by was deleted."),
        "deviations.commented": gettext_lazy("%(who)s commented on the case."),
        "deviations.commented_openly": gettext_lazy("%(who)s commented on the case, for the reporter to read too."),
        "deviations.injury_entered": gettext_lazy("%(who)s entered it in the register of work injuries."),
        "deviations.injury_changed": gettext_lazy("%(who)s changed what the register of work injuries says."),
        "deviations.injury_taken_out": gettext_lazy("%(who)s took it out of the register of work injuries."),
        "deviations.overdue_told": overdue_told,
        "deviations.unreceived_told": unreceived_told,
        # Here, since a hidden reporter may.
        "files.attached": gettext_lazy("%(who)s added files."),
        "files.removed": gettext_lazy("%(who)s deleted a file."),
    },
    refers={
        "handler": User,
        "acting_for": User,
        "leader": User,
        "colleague": User,
        "handling_unit": Unit,
        "category": Category,
        "breached_document": Document,
        "merged_into": Deviation,
        "out_of": Deviation,
    },
    unnamed=REPORTER,
    icons={
        "deviations.reported": "report",
        "files.attached": "attachment",
        "files.removed": "attachment",
        "deviations.closed": "check-circle",
        "deviations.asked": "chat",
        "deviations.colleague_asked": "chat",
        "deviations.colleague_answered": "chat",
        "deviations.answered": "chat",
        "deviations.message_written": "chat",
        "deviations.commented": "chat",
        "deviations.commented_openly": "chat",
        "deviations.talked_about": "people",
        "deviations.forwarded": "arrow-right",
        "deviations.escalated": "arrow-right",
        "deviations.handed_over": "arrow-right",
        "deviations.identity_opened": "eye",
        "deviations.overdue_told": "clock",
        "deviations.unreceived_told": "clock",
    },
)

sentences.register(
    {
        "deviations.exported": gettext_lazy("%(who)s saved a list of cases as a file."),
        "deviations.system_defined": gettext_lazy("%(who)s set up another system that cases or counts come from."),
        "deviations.system_changed": gettext_lazy("%(who)s changed another system."),
        "deviations.system_mapped": gettext_lazy("%(who)s said how the columns and words are read."),
        "deviations.token_made": gettext_lazy("%(who)s made a token for another system."),
        "deviations.token_revoked": gettext_lazy("%(who)s revoked the token of another system."),
        "deviations.brought": gettext_lazy("%(who)s brought in a file from another system."),
        "deviations.list_shared": gettext_lazy("%(who)s shared a list of cases with the unit."),
        "deviations.list_unshared": gettext_lazy("%(who)s took back a list of cases shared with the unit."),
        "deviations.list_inherited": gettext_lazy("%(who)s gave a shared list of cases to another."),
        "deviations.rules_set": gettext_lazy("%(who)s set deadlines and reminders."),
        "deviations.category_added": gettext_lazy("%(who)s added a category."),
        "deviations.category_changed": gettext_lazy("%(who)s changed a category."),
        "deviations.questions_begun": gettext_lazy("%(who)s began a new version of the questions."),
        "deviations.questions_changed": gettext_lazy("%(who)s changed the draft of the questions."),
        "deviations.questions_published": gettext_lazy("%(who)s published the questions."),
        "deviations.example_added": gettext_lazy("%(who)s added an example."),
        "deviations.example_removed": gettext_lazy("%(who)s removed an example."),
        "deviations.form_made": gettext_lazy("%(who)s made an open form."),
        "deviations.form_changed": gettext_lazy("%(who)s changed an open form."),
        "deviations.form_opened": gettext_lazy("%(who)s opened the form."),
        "deviations.form_closed": gettext_lazy("%(who)s shut the form."),
    }
)


def tally_handed_over(telling: Telling) -> str:
    return _("%(who)s handed the sheet over from %(old)s to %(new)s.") % {
        "who": telling.who,
        "old": person(telling, "handler", telling.old("handler")),
        "new": person(telling, "handler", telling.new("handler")),
    }


def month_closed(telling: Telling) -> str:
    n = sum(telling.data.get("counted", {}).values())
    said = ngettext("%(who)s closed the month with %(n)s tick.", "%(who)s closed the month with %(n)s ticks.", n)
    return said % {"who": telling.who, "n": n}


sentences.register(
    {
        "deviations.tally_begun": gettext_lazy("The first tick of the month was made."),
        "deviations.month_closed": month_closed,
        "deviations.month_reopened": gettext_lazy("%(who)s opened the month again."),
        "deviations.tally_handed_over": tally_handed_over,
        "deviations.ticked_chosen": gettext_lazy("%(who)s chose what is ticked in the unit."),
    },
    refers={"handler": User},
    icons={"deviations.month_closed": "check-circle", "deviations.tally_handed_over": "arrow-right"},
)


def task_given(telling: Telling) -> str:
    return _("%(who)s asked %(colleague)s.") % {
        "who": telling.who,
        "colleague": telling.named("given_to", telling.data.get("given_to")),
    }


def task_inherited(telling: Telling) -> str:
    return _("%(new)s is asked instead of %(old)s.") % {
        "old": telling.named("given_to", telling.old("given_to")),
        "new": telling.named("given_to", telling.new("given_to")),
    }


sentences.register(
    {
        "deviations.task_given": task_given,
        "deviations.task_answered": gettext_lazy("%(who)s answered."),
        "deviations.task_withdrawn": gettext_lazy("%(who)s took it back."),
        "deviations.task_fell_away": gettext_lazy("%(who)s closed the case, so that no answer is needed."),
        "deviations.task_followed": gettext_lazy("%(who)s merged the case into another, and it went along."),
        "deviations.task_came_back": gettext_lazy("%(who)s undid the merging, and it came back."),
        "deviations.task_inherited": task_inherited,
    },
    refers={"given_to": User},
    icons={"deviations.task_answered": "check-circle"},
)
sentences.register(
    {
        "deviations.reflection_planned": gettext_lazy("%(who)s put it on the list."),
        "deviations.reflection_reworded": gettext_lazy("%(who)s changed what the team is told."),
        "deviations.reflection_held": gettext_lazy("%(who)s kept what the team said."),
        "deviations.reflection_dropped": gettext_lazy("%(who)s took it off the list."),
        "deviations.screen_put_up": gettext_lazy("%(who)s made an address for a screen on the wall."),
        "deviations.screen_taken_down": gettext_lazy("%(who)s closed the address of a screen on the wall."),
    }
)
sentences.register(
    {
        "deviations.analysis_begun": gettext_lazy("%(who)s began to look for the cause."),
        "deviations.analysis_weighed": gettext_lazy("%(who)s said how to look into it."),
        "deviations.analysis_worked": gettext_lazy("%(who)s worked through steps of it."),
        "deviations.moment_added": gettext_lazy("%(who)s added something to what happened."),
        "deviations.moment_changed": gettext_lazy("%(who)s corrected something in what happened."),
        "deviations.moment_removed": gettext_lazy("%(who)s took something out of what happened."),
        "deviations.why_added": gettext_lazy("%(who)s answered a why."),
        "deviations.why_changed": gettext_lazy("%(who)s corrected a why."),
        "deviations.why_removed": gettext_lazy("%(who)s took a why away."),
        "deviations.peers_judged": gettext_lazy("%(who)s said whether others would have done the same."),
    }
)


from deviations import duty_timeline  # noqa: E402, F401 - the sentences of duties build on what stands above

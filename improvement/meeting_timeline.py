"""The journal of forums and meetings in sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kvalitetslosen.journal import sentences
from kvalitetslosen.journal.sentences import Telling
from kvalitetslosen.organisation.models import User


def cancelled(telling: Telling) -> str:
    return _("%(who)s cancelled the meeting.") % {"who": telling.who}


def meeting_changed(telling: Telling) -> str:
    if telling.data.get("moved"):
        return _("%(who)s moved the meeting, and the members were told.") % {"who": telling.who}
    return _("%(who)s changed time, place or period.") % {"who": telling.who}


def joined(telling: Telling) -> str:
    person = telling.data.get("person")
    names = {"who": telling.who, "person": telling.named("person", person)}
    if person == telling.event.by_id:
        return _("%(who)s joined.") % names
    return _("%(who)s added %(person)s.") % names


def left(telling: Telling) -> str:
    person = telling.data.get("person")
    names = {"who": telling.who, "person": telling.named("person", person)}
    if telling.event.by_id is None:  # the account was closed
        return _("%(who)s left.") % {"who": names["person"]}
    if person == telling.event.by_id:
        return _("%(who)s left.") % names
    return _("%(who)s took %(person)s out.") % names


def led_by_another(telling: Telling) -> str:
    names = {
        "old": telling.named("leader", telling.old("leader")),
        "new": telling.named("leader", telling.new("leader")),
    }
    return _("%(new)s leads it instead of %(old)s, who leaves.") % names


sentences.register(
    {
        "improvement.forum_begun": gettext_lazy("%(who)s began the forum."),
        "improvement.forum_changed": gettext_lazy("%(who)s changed the forum."),
        "improvement.forum_joined": joined,
        "improvement.forum_left": left,
        "improvement.forum_ended": gettext_lazy("%(who)s ended the forum."),
        "improvement.forum_inherited": led_by_another,
        "improvement.meeting_planned": gettext_lazy("%(who)s planned the meeting, and the agenda made itself."),
        "improvement.meeting_sent": gettext_lazy("%(who)s sent the agenda and the invitation."),
        "improvement.meeting_invited": gettext_lazy("A new member got the invitation."),
        "improvement.meeting_left": gettext_lazy("It was taken out of the calendar of somebody who left."),
        "improvement.meeting_changed": meeting_changed,
        "improvement.meeting_held": gettext_lazy("%(who)s noted that the meeting was held."),
        "improvement.meeting_approved": gettext_lazy("%(who)s approved the minutes."),
        "improvement.meeting_cancelled": cancelled,
        "improvement.agenda_counted": gettext_lazy("%(who)s had the figures counted anew."),
        "improvement.agenda_added": gettext_lazy("%(who)s added a point to the agenda."),
        "improvement.agenda_reworded": gettext_lazy("%(who)s changed a point of the agenda."),
        "improvement.agenda_ordered": gettext_lazy("%(who)s changed what is on the agenda."),
        "improvement.agenda_taken_off": gettext_lazy("%(who)s took a suggested point off the agenda."),
        "improvement.item_minuted": gettext_lazy("%(who)s wrote in the minutes."),
        "improvement.case_discussed": gettext_lazy("The case was discussed in a meeting."),
    },
    refers={"person": User, "leader": User, "secretary": User},
    icons={"improvement.meeting_approved": "check-circle", "improvement.case_discussed": "people"},
)

"""The journal of documents in sentences."""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from documents.laws import short_in_nynorsk
from documents.models import Document, Version
from kvalitetslosen.journal import sentences
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import Telling, Told, tell
from kvalitetslosen.organisation.models import Unit, User
from kvalitetslosen.ui.dates import full

SHOWN = 20
TOLD_BY_THE_VERSION = ("documents.in_force", "documents.out_of_force", "documents.review_moved")


def day(value: Any) -> str:
    """A date as the journal keeps it, in words."""
    return full(datetime.date.fromisoformat(str(value)))


def approvers(telling: Telling) -> str:
    """Who was asked, and for whom: several names read as a list."""
    names = telling.all_named("approvers")
    principals = telling.all_named("approvers_for") or [""] * len(names)
    return together(
        [
            _("%(name)s, who stands in for %(leader)s,") % {"name": name, "leader": principal} if principal else name
            for name, principal in zip(names, principals, strict=True)
        ]
    )


def together(names: Sequence[str]) -> str:
    """As «A», «A and B», «A, B and C»."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def hearing_asked(telling: Telling) -> str:
    return _("%(who)s asked for a hearing, with answers by %(day)s.") % {
        "who": telling.who, "day": day(telling.data["deadline"]),
    }  # fmt: skip


def hearing_ended(telling: Telling) -> str:
    if telling.event.by_id is None:
        return _("The hearing closed: its deadline had passed.")
    return _("%(who)s closed the hearing.") % {"who": telling.who}


def hearing_extended(telling: Telling) -> str:
    return _("%(who)s gave more time: until %(day)s.") % {
        "who": telling.who, "day": day(telling.new("deadline")),
    }  # fmt: skip


def approval_asked(telling: Telling) -> str:
    if telling.data.get("approvers"):
        words = {"who": telling.who, "approver": approvers(telling), "later": together(telling.all_named("later"))}
        if words["later"]:
            return _("%(who)s asked %(approver)s to approve it, and then %(later)s.") % words
        return _("%(who)s asked %(approver)s to approve it.") % words
    words = {
        "who": telling.who,
        "approver": telling.named("approver", telling.new("approver") or telling.data.get("approver")),
        "leader": telling.named("approver_for", telling.new("approver_for")),
    }
    if words["leader"]:
        return _("%(who)s asked %(approver)s, who stands in for %(leader)s, to approve it.") % words
    return _("%(who)s asked %(approver)s to approve it.") % words


def approved_by_one(telling: Telling) -> str:
    if telling.data.get("approvers"):
        return _("%(who)s approved it. It is the turn of %(approver)s.") % {
            "who": telling.who, "approver": approvers(telling),
        }  # fmt: skip
    return _("%(who)s approved it. It waits for others.") % {"who": telling.who}


def approved_for_later(telling: Telling) -> str:
    return _("%(who)s approved it. It waits for the day it applies from.") % {"who": telling.who}


def put_in_force_later(telling: Telling) -> str:
    return _("%(who)s put it in force from %(day)s.") % {"who": telling.who, "day": day(telling.new("applies_from"))}


def approver_changed(telling: Telling) -> str:
    return _("%(who)s asked %(approver)s to approve it, instead of %(before)s.") % {
        "who": telling.who,
        "approver": telling.named("approver", telling.new("approver")),
        "before": telling.named("approver", telling.old("approver")),
    }


def approved(telling: Telling) -> str:
    return _("%(who)s approved version %(major)s.%(minor)s, and it came into force.") % {
        "who": telling.who,
        "major": telling.new("major"),
        "minor": telling.new("minor"),
    }


def taken_in(telling: Telling) -> str:
    words = {
        "who": telling.who,
        "file": telling.data.get("file", ""),
        "major": telling.new("major"),
        "minor": telling.new("minor"),
    }
    return (
        _("%(who)s took in version %(major)s.%(minor)s from “%(file)s”, approved elsewhere, and it came into force.")
        % words
    )


def brought_in(telling: Telling) -> str:
    return _("%(who)s took it in from “%(file)s”.") % {"who": telling.who, "file": telling.data.get("file", "")}


def review_moved(telling: Telling) -> str:
    return _("The next review is on %(day)s.") % {"day": day(telling.new("review_on"))}


def review_told(telling: Telling) -> str:
    return _("It had not been looked over, and %(leader)s was told.") % {
        "leader": telling.named("leader", telling.data.get("leader"))
    }


def changed(telling: Telling) -> str:
    said = []
    if telling.changed("owner"):
        said.append(handed_over(telling))
    if telling.changed("unit"):
        said.append(
            _("%(who)s moved the document from %(old)s to %(new)s.")
            % {
                "who": telling.who,
                "old": telling.named("unit", telling.old("unit")),
                "new": telling.named("unit", telling.new("unit")),
            }
        )
    return " ".join(said) or _("%(who)s changed what is said about the document.") % {"who": telling.who}


def handed_over(telling: Telling) -> str:
    return _("%(who)s handed the document over from %(old)s to %(new)s.") % {
        "who": telling.who,
        "old": telling.named("owner", telling.old("owner")),
        "new": telling.named("owner", telling.new("owner")),
    }


def draft_handed_over(telling: Telling) -> str:
    return _("%(who)s handed the draft over from %(old)s to %(new)s.") % {
        "who": telling.who,
        "old": telling.named("author", telling.old("author")),
        "new": telling.named("author", telling.new("author")),
    }


def bases_set(telling: Telling) -> str:
    said = [
        (_("It now rests on %(places)s too."), telling.data.get("added")),
        (_("It no longer rests on %(places)s."), telling.data.get("removed")),
    ]
    first = _("%(who)s said which laws it rests on.") % {"who": telling.who}
    return " ".join([first, *(words % {"places": listed(places)} for words, places in said if places)])


def listed(names: Any) -> str:
    """Places in laws, in the reader's language: the journal has the short name in bokmål."""
    said = [str(name) for name in names]
    return ", ".join(map(short_in_nynorsk, said) if get_language() == "nn" else said)


sentences.register(
    {
        "documents.read_back": gettext_lazy("It was read back from a file."),
        "documents.handbook_read_back": gettext_lazy("A handbook was read back from a file."),
        "documents.reading_back_asked": gettext_lazy("%(who)s brought a handbook to be read back."),
        "documents.reading_back_done": gettext_lazy("The handbook was read back."),
        "documents.reading_back_refused": gettext_lazy("The handbook was not read back."),
        "documents.export_asked": gettext_lazy("%(who)s asked to take the handbook out."),
        "documents.export_made": gettext_lazy("The file with the handbook was made."),
        "documents.export_failed": gettext_lazy("The file with the handbook could not be made."),
        "documents.export_fetched": gettext_lazy("%(who)s fetched the file with the handbook."),
        "documents.export_removed": gettext_lazy("The file with the handbook was deleted."),
        "documents.created": gettext_lazy("%(who)s began the document."),
        "documents.draft_opened": gettext_lazy("%(who)s began a draft."),
        "documents.draft_saved": gettext_lazy("%(who)s wrote in the draft."),
        "documents.hearing_asked": hearing_asked,
        "documents.hearing_ended": hearing_ended,
        "documents.hearing_opened": gettext_lazy("%(who)s asked for a hearing."),
        "documents.hearing_invited": gettext_lazy("%(who)s asked more people."),
        "documents.hearing_commented": gettext_lazy("%(who)s commented."),
        "documents.hearing_nothing_said": gettext_lazy("%(who)s has no comments."),
        "documents.hearing_answered": gettext_lazy("%(who)s answered a comment."),
        "documents.hearing_extended": hearing_extended,
        "documents.hearing_closed": hearing_ended,
        "documents.approval_asked": approval_asked,
        "documents.approver_changed": approver_changed,
        "documents.taken_back": gettext_lazy("%(who)s took it back to change it."),
        "documents.changes_wanted": gettext_lazy("%(who)s asked for changes."),
        "documents.approved": approved,
        "documents.taken_in": taken_in,
        "documents.brought_in": brought_in,
        "documents.approved_by_one": approved_by_one,
        "documents.approved_for_later": approved_for_later,
        "documents.put_in_force": gettext_lazy("%(who)s put it in force."),
        "documents.put_in_force_later": put_in_force_later,
        "documents.came_into_force": gettext_lazy("It came into force."),
        "documents.replaced": gettext_lazy("The version was replaced by the next one."),
        "documents.discarded": gettext_lazy("%(who)s discarded the draft."),
        "documents.reviewed": gettext_lazy("%(who)s looked it over: no change needed."),
        "documents.withdrawn": gettext_lazy("%(who)s withdrew the document."),
        "documents.draft_handed_over": draft_handed_over,
        "documents.in_force": gettext_lazy("A new version came into force."),
        "documents.out_of_force": gettext_lazy("The document no longer applies."),
        "documents.review_moved": review_moved,
        "documents.review_told": review_told,
        "documents.review_rules_set": gettext_lazy("%(who)s set when owners are reminded of reviews."),
        "documents.type_added": gettext_lazy("%(who)s added a type of document."),
        "documents.type_changed": gettext_lazy("%(who)s changed a type of document."),
        "documents.type_moved": gettext_lazy("%(who)s changed the order of the types of document."),
        "documents.changed": changed,
        "documents.handed_over": handed_over,
        "documents.bases_set": bases_set,
        "documents.subjects_set": gettext_lazy("%(who)s said what it is about."),
        "documents.source_added": gettext_lazy("%(who)s added a law or standard."),
        "documents.source_changed": gettext_lazy("%(who)s changed a law or standard."),
        "documents.requirement_added": gettext_lazy("%(who)s added a requirement."),
        "documents.requirement_changed": gettext_lazy("%(who)s changed a requirement."),
        "documents.subject_added": gettext_lazy("%(who)s added a subject."),
        "documents.subject_changed": gettext_lazy("%(who)s changed a subject."),
        "documents.synonyms_added": gettext_lazy("%(who)s added words that mean the same."),
        "documents.synonyms_changed": gettext_lazy("%(who)s changed words that mean the same."),
        "documents.shared": gettext_lazy("%(who)s shared it with a network of municipalities."),
        "documents.share_ended": gettext_lazy("%(who)s no longer shares it with the network."),
        "documents.adopted": gettext_lazy("%(who)s adopted it from another municipality."),
        "documents.origin_taken_in": gettext_lazy("%(who)s took what the origin changed into a draft."),
        "documents.origin_seen": gettext_lazy("%(who)s looked at what the origin changed: ours stays."),
        "documents.origin_let_go": gettext_lazy("%(who)s lets it go its own way."),
        "documents.origin_followed_again": gettext_lazy("%(who)s follows the origin again."),
    },
    refers={
        "approver": User,
        "approver_for": User,
        "approvers": User,
        "approvers_for": User,
        "later": User,
        "owner": User,
        "author": User,
        "leader": User,
        "unit": Unit,
    },
    icons={
        "documents.approved": "check-circle",
        "documents.taken_in": "check-circle",
        "documents.approved_by_one": "check-circle",
        "documents.approved_for_later": "check-circle",
        "documents.came_into_force": "clock",
        "documents.changes_wanted": "chat",
        "documents.reviewed": "check-circle",
        "documents.handed_over": "arrow-right",
        "documents.review_told": "clock",
        "documents.draft_handed_over": "arrow-right",
    },
)

# Reading, and what readers say
sentences.register(
    {
        "documents.reading_asked": gettext_lazy("%(who)s asked people to read it."),
        "documents.reading_asked_anew": gettext_lazy("Those who were asked before are asked to read the new version."),
        "documents.reading_ended": gettext_lazy("%(who)s asks nobody to read it any more."),
        "documents.read": gettext_lazy("%(who)s confirmed that they have read and understood it."),
        "documents.read_reminded": gettext_lazy("%(who)s reminded of what is to be read."),
        "documents.readers_exported": gettext_lazy("%(who)s took home the list of who has read it."),
        "documents.comment_sent": gettext_lazy("%(who)s said something of the document."),
        "documents.comment_accepted": gettext_lazy("%(who)s accepted it."),
        "documents.comment_thanked": gettext_lazy("%(who)s answered it."),
        "documents.comment_declined": gettext_lazy("%(who)s declined it."),
        "documents.comment_settled": gettext_lazy("A new version dealt with it."),
        "documents.comment_taken_back": gettext_lazy("%(who)s took it back."),
    },
    icons={"documents.readers_exported": "download"},
)


def history(document: Document, version: Version | None, *, reader: User) -> list[Told]:
    """The newest of what has happened to the document and to the version in force, together, the newest first."""
    of_document = Event.objects.about(document).exclude(type__in=TOLD_BY_THE_VERSION).order_by("-number")[:SHOWN]
    of_version = Event.objects.about(version).order_by("-number")[:SHOWN] if version is not None else ()
    newest = heapq.merge(of_document, of_version, key=lambda event: (event.at, event.pk), reverse=True)
    return tell(list(newest)[:SHOWN], reader)


def latest_in_words(version: Version) -> str:
    """What happened last to the version, and who did it."""
    event = Event.objects.about(version).last()
    return tell([event], None)[0].sentence if event else _("it has changed.")

"""How documents and their versions are shown in lists."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Prefetch
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from documents import access, html, links
from documents.lifecycle import CommentState, State
from documents.models import Answer, Approval, Comment, Document, DocumentLink, KeptOffline, Outcome, Response, Version
from documents.timeline import together
from kvalitetslosen.organisation.models import User
from kvalitetslosen.ui.dates import full
from kvalitetslosen.ui.templatetags import ui

register = template.Library()

COLORS = {
    State.DRAFT: "neutral",
    State.HEARING: "info",
    State.APPROVAL: "info",
    State.SCHEDULED: "accent",
    State.IN_FORCE: "success",
    State.REPLACED: "neutral",
    State.WITHDRAWN: "warning",
    State.DISCARDED: "neutral",
}


@register.simple_tag
def state_tag(version: Version) -> SafeString:
    return ui.tag(str(State(version.state).label), COLORS[State(version.state)])


ANSWER_COLORS = {Answer.ASKED: "info", Answer.APPROVED: "success", Answer.CHANGES_WANTED: "warning"}


@register.simple_tag
def approval_tag(part: Approval) -> SafeString:
    """What has become of one approver's part, in a word."""
    return ui.tag(str(Answer(part.state).label), ANSWER_COLORS.get(Answer(part.state), "neutral"))


@register.simple_tag
def not_in_force() -> SafeString:
    return ui.tag(_("Not in force"), "neutral")


@register.filter
def read_out(version: Version) -> html.ReadOut:
    """The text of a version kept as a PDF, for those who read on a phone."""
    return html.read_out(version.text)


@register.inclusion_tag("documents/hearing/heard.html")
def heard(version: Version) -> dict[str, Any]:
    """What was said in the hearings of a draft, and what became of it: for those who write and approve it."""
    hearings = list(
        version.hearings.prefetch_related(
            Prefetch("responses", Response.objects.select_related("by", "answered_by").order_by("at", "pk")),
            "invitations",
        ).order_by("pk")
    )
    responses = [each for hearing in hearings for each in hearing.responses.all()]
    asked = {each.user_id for hearing in hearings for each in hearing.invitations.all()}
    return {
        "hearing": hearings[-1] if hearings else None,
        "responses": responses,
        "waiting": sum(not each.outcome for each in responses),
        "asked": len(asked),
        "number": version.document.number,
    }


@register.simple_tag
def outcome_tag(response: Response) -> SafeString:
    """What has become of a comment, in a word."""
    return ui.tag(str(Outcome(response.outcome).label), OUTCOME_COLORS[Outcome(response.outcome)])


OUTCOME_COLORS = {Outcome.WAITS: "warning", Outcome.TAKEN_IN: "success", Outcome.NOT_TAKEN_IN: "neutral"}


@register.filter
def asked_name(version: Version) -> str:
    """Whose approval it waits for, and for whom they stand in."""
    return together([each.name for each in version.asked])


@register.filter
def approved_name(version: Version) -> str:
    """Who approved it, and for whom; who put it in force, where nobody had to."""
    return together([each.name for each in version.living_approvals]) or version.approved_by_name


@register.filter
def version_name(version: Version) -> str:
    """As 2.1; the draft and what waits for approval by what they are."""
    return version.label or str(State(version.state).label).lower()


@register.simple_tag
def broken_link(link: DocumentLink, why: str) -> str:
    """A link that leads nowhere, and why, in one sentence."""
    return links.in_words(link, why)


@register.simple_tag
def version_line(version: Version) -> SafeString:
    """One version in a list: what it is called, where it is, and since when."""
    moment = None
    if version.state == State.APPROVAL:
        said = _("from %(name)s to %(approver)s") % {"name": version.author.name, "approver": asked_name(version)}
        moment = version.sent_at
    elif version.state == State.HEARING:
        said, moment = _("written by %(name)s, out for hearing") % {"name": version.author.name}, version.saved_at
    elif version.state == State.SCHEDULED:
        said = _("applies from %(day)s") % {"day": full(version.applies_from)} if version.applies_from else ""
    elif version.state == State.DRAFT:
        said, moment = _("written by %(name)s") % {"name": version.author.name}, version.saved_at
    elif version.in_force_from and version.ended_at:
        said = _("applied from %(begins)s to %(ends)s") % {
            "begins": full(localdate(version.in_force_from)),
            "ends": full(localdate(version.ended_at)),
        }
    else:
        said, moment = _("in force from"), version.in_force_from
    return format_html(
        '<li><a class="los-list__main" href="{}">{}</a><span class="los-list__meta">{} {} · {}{}</span></li>',
        version.get_absolute_url(),
        version,
        ui.whole(version.document.number),
        state_tag(version),
        said,
        format_html(" {}", ui.when(moment)) if moment else "",
    )


@register.simple_tag
def kept_offline(document: Document, user: User) -> bool:
    """Whether the person has chosen to read the document where there is no net."""
    return KeptOffline.objects.filter(user=user, document=document).exists()


COMMENT_COLORS = {
    CommentState.SENT: "info",
    CommentState.ACCEPTED: "success",
    CommentState.DECLINED: "neutral",
    CommentState.SETTLED: "success",
    CommentState.WITHDRAWN: "neutral",
}


@register.simple_tag
def past_review_tag() -> SafeString:
    """In a list, to its readers."""
    return ui.tag(_("Past its review"), "warning")


@register.simple_tag
def comment_state(comment: Comment) -> SafeString:
    state = CommentState(comment.state)
    if state == CommentState.SETTLED and comment.settled_in_id is None:
        return ui.tag(_("Answered"), "success")
    return ui.tag(str(state.label), COMMENT_COLORS[state])


@register.inclusion_tag("documents/comments/beside.html")
def comments_to_deal_with(document: Document) -> dict[str, Any]:
    """What readers said that the next version is to deal with, beside its draft."""
    rows = Comment.objects.accepted().filter(document=document).select_related("author").order_by("at", "pk")[:50]
    return {"comments": list(rows)}


@register.filter
def may_read_back(user: User) -> bool:
    """Whether the person may read a handbook back into an empty municipality. No query of its own."""
    return access.may_read_back(user)


@register.filter
def may_take_out(user: User) -> bool:
    """Whether the person may take out the handbook of some unit. No query of its own."""
    return access.may_take_out(user)

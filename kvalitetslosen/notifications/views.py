"""My notifications, the municipality's choices about mail, and in a trial the mail itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default as default_policy
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import urlize
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kvalitetslosen.notifications import settings_actions
from kvalitetslosen.notifications.backends import mail_file
from kvalitetslosen.notifications.forms import MailSettingsForm, WordsForm
from kvalitetslosen.notifications.messages import Worded, all_messages
from kvalitetslosen.notifications.models import Email, Notification, mail_settings
from kvalitetslosen.notifications.outbox import absolute, letter
from kvalitetslosen.notifications.reminders import WEEK_MAIL, all_rules
from kvalitetslosen.notifications.wording import Wording
from kvalitetslosen.organisation.access import keeps_municipality
from kvalitetslosen.organisation.models import MunicipalitySettings, User
from kvalitetslosen.ui.context import OWN_NAMES
from kvalitetslosen.ui.keyset import newest_first

NEWEST = 100


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What I have been told, the newest first."""
    user = cast("User", request.user)
    own = Notification.objects.visible_to(user)
    page = newest_first(own, "created_at", request.GET)
    has_unread = any(row.read_at is None for row in page.rows) or own.unread().exists()
    return render(request, "notifications/inbox.html", {"page_of_notices": page, "has_unread": has_unread})


@require_safe
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to what the notice is about; it is read now."""
    notice = get_object_or_404(Notification.objects.visible_to(cast("User", request.user)), pk=pk)
    Notification.objects.unread().filter(pk=notice.pk).update(read_at=timezone.now())
    return redirect(notice.url)


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """All of mine are read."""
    Notification.objects.visible_to(cast("User", request.user)).unread().update(read_at=timezone.now())
    return redirect("notifications:inbox")


def _keeper(request: HttpRequest) -> User:
    """Who asks, if they keep the municipality's settings; raises ``PermissionDenied`` otherwise."""
    user = cast("User", request.user)
    if not keeps_municipality(user):
        raise PermissionDenied
    return user


def texts_to_add_to() -> dict[str, Worded]:
    """Every mail a municipality can say in words of its own, by its key."""
    mailed = [each for each in all_messages() if each.by_mail]
    return {each.key: each for each in [WEEK_MAIL, *all_rules(), *mailed] if not each.fixed}


@require_http_methods(["GET", "POST"])
def mail_choices(request: HttpRequest) -> HttpResponse:
    """When reminders and the weekly mail go out."""
    user = _keeper(request)
    own = mail_settings(user.municipality_id)
    form = MailSettingsForm(request.POST if request.method == "POST" else None, instance=own)
    if request.method == "POST" and form.is_valid():
        settings_actions.change_mail_settings(municipality_id=user.municipality_id, by=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("notifications:settings")
    texts = [(each, key in own.texts or key in own.wordings) for key, each in texts_to_add_to().items()]
    return render(request, "notifications/settings.html", {"form": form, "texts": texts})


@dataclass(frozen=True)
class Preview:
    """A mail as it would be with invented facts."""

    language: str  # its name in itself
    code: str
    subject: str
    body: str


def previews(worded: Worded, user: User, words: Mapping[str, Wording], added: Mapping[str, str]) -> list[Preview]:
    """What somebody would get, in each language: the example is the same whatever the municipality's own cases are."""
    made = []
    for language, wording in words.items():
        with translation.override(language):
            context = worded.example_context()
            example = absolute(reverse("today")) + "…"
            body, link = worded.own_body(context, wording, language, example) if worded.has_body else ("…", "")
            made.append(
                Preview(
                    OWN_NAMES.get(language, language),
                    language,
                    worded.own_subject(context, wording, language),
                    letter(body=body, link=link, added=added.get(language, ""), municipality=user.municipality.name),
                )
            )
    return made


@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, key: str) -> HttpResponse:
    """What one kind of mail says, with an example of how it is read."""
    user = _keeper(request)
    worded = texts_to_add_to().get(key)
    if worded is None:
        raise Http404
    own = mail_settings(user.municipality_id)
    first = MunicipalitySettings.objects.values_list("language", flat=True).get(municipality=user.municipality_id)
    form = WordsForm(request.POST if request.method == "POST" else None, worded=worded, own=own, first=first)
    said = {language: own.wording_of(key, language) for language in form.languages}
    added = {language: own.added(key, language) for language in form.languages}
    is_tried = False
    if request.method == "POST" and form.is_valid():
        said, added, is_tried = form.wordings(), form.added(), request.POST.get("then") == "preview"
        if not is_tried:
            settings_actions.set_words(
                municipality_id=user.municipality_id, by=user, key=key, added=added, wordings=said
            )
            messages.success(request, _("Saved."))
            return redirect("notifications:settings")
    return render(
        request,
        "notifications/words.html",
        {
            "form": form,
            "worded": worded,
            "previews": previews(worded, user, said, added),
            "is_tried": is_tried,
            "has_own": key in own.wordings,
        },
    )


@require_POST
def standard_words(request: HttpRequest, key: str) -> HttpResponse:
    """Back to the standard text of one kind of mail."""
    user = _keeper(request)
    if key not in texts_to_add_to():
        raise Http404
    settings_actions.use_standard_words(municipality_id=user.municipality_id, by=user, key=key)
    messages.success(request, _("The mail has its standard text again."))
    return redirect("notifications:words", key)


def demo_mail_is_open() -> bool:
    """Only in a trial whose mail goes to files: its people are invented, and so is their mail."""
    return bool(settings.DEMO) and settings.MAIL_TRANSPORT.endswith(".FileMail")


@require_safe
@login_not_required
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The mail of the trial, which nobody gets: one's own first."""
    if not demo_mail_is_open():
        raise Http404
    rows = Email.objects.exclude(state=Email.State.WITHDRAWN).order_by("-pk")
    sealed = Email.objects.filter(sealed_mail())
    own: list[Email] = []
    if request.user.is_authenticated:
        to_me = Q(to__iexact=request.user.email)
        own, rows = list(rows.filter(to_me)[:NEWEST]), rows.exclude(to_me)
    others = rows.exclude(pk__in=sealed.values("pk"))[:NEWEST]
    return render(request, "notifications/demo_mail.html", {"own": own, "others": others})


def sealed_mail() -> Q:
    """Mail that is nobody's business but the one's who gets it, not even in a trial."""
    return Q(reminders__rule__in=[each.key for each in all_rules() if each.sealed])


@require_safe
@login_not_required
def demo_mail_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail, as it lies in its file; before it is sent, as it lies in the queue."""
    if not demo_mail_is_open():
        raise Http404
    email = get_object_or_404(Email, pk=pk)
    is_own = request.user.is_authenticated and email.to.casefold() == request.user.email.casefold()
    if not is_own and Email.objects.filter(sealed_mail(), pk=pk).exists():
        raise Http404
    path = mail_file(email.message_id)
    body, sender = email.body, settings.DEFAULT_FROM_EMAIL
    if path.is_file():
        sent = message_from_bytes(path.read_bytes(), policy=default_policy)
        part = sent.get_body(("plain",))
        body, sender = (part.get_content() if part else ""), str(sent["From"])
    linked = mark_safe(urlize(body, autoescape=True).replace("<a ", '<a class="ds-link" '))  # noqa: S308 - escaped
    return render(request, "notifications/demo_mail_one.html", {"email": email, "body": linked, "sender": sender})

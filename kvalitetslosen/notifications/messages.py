"""What people are told when something happens: one class a message, found in each module's `notifications.py`.

    @register
    class Arrived(Message):
        name = "arrived"
        template = "deviations"
        label = _("A case has arrived")
        events = ("deviations.reported", "deviations.forwarded")

        def recipients(self, event, subject): return [subject.handler]
        def context(self, event, subject, user): return {"unit": subject.unit, "reference": subject.reference}
        def still_wanted(self, event, subject, user): return subject.handler_id == user.pk

Its words are templates: `<template>/email/<name>_subject.txt`, `<name>_body.txt` (plain text, nothing is escaped;
greeting, link and signature come around it) and, where the notice in the product should say something else than the
subject, `<name>_notice.txt`. They are written in the language of whoever reads them. They name unit, kind, severity,
deadline and reference; never what somebody wrote about the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar

from django.db.models import Model
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template

from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.wording import THE_LINK, Placeholder, Wording, fill, values_of
from kvalitetslosen.organisation.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def plain_text(template_name: str, context: dict[str, Any]) -> str:
    """A template of a mail in the active language: text, in which nothing is escaped."""
    found = get_template(template_name, using="django")
    return str(found.template.render(Context(context, autoescape=False)))  # type: ignore[attr-defined]


class File(NamedTuple):
    """What comes along with a mail."""

    name: str
    content: bytes
    kind: str  # as MIME has it


class Worded:
    """Something with words of its own in templates, and a name the administrator knows it by."""

    name: ClassVar[str]
    template: ClassVar[str]  # the folder of the module's templates
    label: ClassVar[_StrOrPromise]  # when it is sent, for the administrator's page of texts
    placeholders: ClassVar[tuple[Placeholder, ...]] = ()  # the facts a municipality may write in words of its own
    example: ClassVar[Mapping[str, Any]] = {}  # what else the templates need when an example is shown
    has_body: ClassVar[bool] = True  # False: what the body says is not one text
    fixed: ClassVar[bool] = False  # a warning of what an administrator did, say: none of them words it
    sealed: ClassVar[bool] = False  # not even that there was such a mail is shown to anybody else
    is_task: ClassVar[bool] = False  # the morning page has it among what waits, so it is no news there

    @property
    def key(self) -> str:
        """What rows and settings call it: `deviations.arrived`."""
        return f"{self.template}.{self.name}"

    def subject_line(self, context: dict[str, Any]) -> str:
        """The mail's subject, in the active language, on one line."""
        return " ".join(self._written("subject", context).split())

    def body(self, context: dict[str, Any]) -> str:
        return self._written("body", context).strip()

    def own_subject(self, context: dict[str, Any], wording: Wording, language: str) -> str:
        """The subject in the municipality's words, or the standard one."""
        if not wording.subject:
            return self.subject_line(context)
        return " ".join(fill(wording.subject, values_of(self.placeholders, context, language)).split())

    def own_body(self, context: dict[str, Any], wording: Wording, language: str, link: str) -> tuple[str, str]:
        """The body in the municipality's words, or the standard one; and the link, where it doesn't stand in it."""
        if not wording.body:
            return self.body(context), link
        name = THE_LINK.name(language)
        values = values_of(self.placeholders, context, language) | {name: link}
        stands_in_it = f"{{{name}}}" in wording.body
        return fill(wording.body, values).strip(), "" if stands_in_it else link

    def example_context(self) -> dict[str, Any]:
        """Invented facts in the active language."""
        return {**self.example, **{each.fact: each.example() for each in self.placeholders}}

    def notice(self, context: dict[str, Any]) -> str:
        """The sentence in the product's own list of notifications; the subject where there is no other."""
        try:
            return " ".join(self._written("notice", context).split())
        except TemplateDoesNotExist:
            return self.subject_line(context)

    def _written(self, part: str, context: dict[str, Any]) -> str:
        return plain_text(f"{self.template}/email/{self.name}_{part}.txt", context)


class Message(Worded):
    """Who is told of which events, and with what words.

    Whatever ``recipients`` gives, nobody is told who did it themselves (unless ``tells_doer``), who may not log in, or
    who may not see the subject now. All of that, and ``still_wanted``, is asked again right before the mail goes out.
    """

    events: ClassVar[tuple[str, ...]]
    by_mail: ClassVar[bool] = True
    in_app: ClassVar[bool] = True
    tells_doer: ClassVar[bool] = False  # also to who did it themselves
    secret: ClassVar[bool] = False  # the stored mail is emptied once it is sent: it holds a link that lets one in

    def recipients(self, event: Event, subject: Any) -> Iterable[User | None]:
        """Those to tell; None among them is left out."""
        raise NotImplementedError

    def context(self, event: Event, subject: Any, user: User) -> dict[str, Any]:
        """What the templates need. Called once for each language, with that language active."""
        return {}

    def url(self, event: Event, subject: Any, user: User) -> str:
        """The path the link leads to."""
        return str(subject.get_absolute_url())

    def address(self, event: Event, user: User) -> str:
        """Where the mail goes: to the address the person has when it is sent."""
        return user.email

    def may_see(self, event: Event, subject: Any, user: User) -> bool:
        """Whether the person may see what this is about, at this moment."""
        return bool(type(subject)._default_manager.visible_to(user).filter(pk=subject.pk).exists())

    def still_wanted(self, event: Event, subject: Any, user: User) -> bool:
        """Whether it is still true when the mail is about to go, perhaps hours later."""
        return True

    def calendar(self, event: Event, subject: Any, user: User) -> str:
        """What the mail brings to the reader's calendar (RFC 5545), in the active language; nothing for most."""
        return ""

    def files(self, event: Event, subject: Any, user: User) -> list[File]:
        """What comes along with the mail, made when it goes and of what the reader may see then; nothing for most."""
        return []

    def once(self, event: Event, subject: Any, user: User) -> str:
        """The person gets one such message, notice and mail, for each different value; by default one an event."""
        return str(event.pk)


M = TypeVar("M", bound=type[Message])

_messages: dict[str, Message] = {}
_by_event: dict[str, list[Message]] = {}


def register(message: M) -> M:
    """A decorator. Raises ValueError when another message has the name."""
    made = message()
    if made.key in _messages and type(_messages[made.key]) is not message:
        raise ValueError(f"There is a message {made.key} already.")
    _messages[made.key] = made
    for event_type in made.events:
        _by_event.setdefault(event_type, []).append(made)
    return message


def all_messages() -> list[Message]:
    return list(_messages.values())


def find(key: str) -> Message | None:
    return _messages.get(key)


def messages_about(event_type: str) -> list[Message]:
    return _by_event.get(event_type, [])


def told_event_types() -> list[str]:
    """The types of event somebody is told about; the sweep needs no others."""
    return list(_by_event)


def subject_of(event: Event) -> Model | None:
    """The row the event is about, as it is now; None when it is gone."""
    model = event.subject_type.model_class()
    if model is None:
        return None
    return model._base_manager.filter(pk=event.subject_id).first()

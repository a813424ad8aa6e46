"""Who is told when somebody is to receive whistle-blowing, is let in, or no longer receives: all who receive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deviations.whistle.models import WhistleRecipient
from kvalitetslosen.journal import sentences
from kvalitetslosen.journal.models import Event
from kvalitetslosen.notifications.messages import Message, register
from kvalitetslosen.organisation.models import User


@register
class Recipients(Message):
    """To every recipient, whoever they are about included: nobody comes to see cases without the others knowing."""

    name = "whistle_recipients"
    template = "deviations"
    events = (
        "deviations.whistle_recipient_appointed",
        "deviations.whistle_recipient_let_in",
        "deviations.whistle_recipient_ended",
    )
    fixed = True
    tells_doer = True

    def recipients(self, event: Event, subject: WhistleRecipient) -> Iterable[User | None]:
        rows = WhistleRecipient.objects.current().filter(municipality=subject.municipality_id).select_related("user")
        return [subject.user, *(each.user for each in rows.order_by("pk"))]

    def may_see(self, event: Event, subject: WhistleRecipient, user: User) -> bool:
        return bool(WhistleRecipient.objects.visible_to(user).filter(pk=subject.pk).exists())

    def context(self, event: Event, subject: WhistleRecipient, user: User) -> dict[str, Any]:
        return {
            "what": event.type.rpartition("_")[2],
            "name": subject.user.name,
            "by": event.by.name if event.by else str(sentences.SYSTEM),
            "municipality": subject.municipality.name,
            "first": subject.sees_all_at == subject.appointed_at,
        }

    def url(self, event: Event, subject: WhistleRecipient, user: User) -> str:
        return reverse("deviations:whistle")


sentences.register(
    {
        "deviations.whistle_settings_set": _("%(who)s set the limits of the whistle-blowing channel."),
        "deviations.whistle_recipient_appointed": _("%(who)s let a person receive whistle-blowing."),
        "deviations.whistle_recipient_let_in": _("%(who)s let another recipient see what came before them."),
        "deviations.whistle_recipient_ended": _("%(who)s let a person no longer receive whistle-blowing."),
    },
    refers={"user": get_user_model()},
)

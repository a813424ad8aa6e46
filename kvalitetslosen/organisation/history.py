"""The organisation's journal in sentences, and what has happened with one unit or one person."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import Telling, Told, register, tell
from kvalitetslosen.organisation.models import Deputy, Membership, Role, Unit, User

SHOWN = 30

FIELDS = {
    "name": gettext_lazy("name"),
    "code": gettext_lazy("code"),
    "kind": gettext_lazy("kind"),
    "language": gettext_lazy("language"),
    "email": gettext_lazy("e-mail"),
    "title": gettext_lazy("job title"),
    "narrow_upper_sight": gettext_lazy("what upper leaders see"),
    "closed_days": gettext_lazy("closed days"),
}


def _changed(telling: Telling) -> str:
    what = ", ".join(str(words) for field, words in FIELDS.items() if telling.changed(field))
    return _("%(who)s changed: %(what)s.") % {"who": telling.who, "what": what}


def _unit_moved(telling: Telling) -> str:
    return _("%(who)s moved the unit from %(old)s to %(new)s.") % {
        "who": telling.who,
        "old": telling.named("parent", telling.old("parent")),
        "new": telling.named("parent", telling.new("parent")),
    }


def _role(sentence: str, telling: Telling) -> str:
    role = telling.data.get("role", "")
    return sentence % {
        "who": telling.who,
        "name": telling.named("user", telling.data.get("user")),
        "role": Role(role).label if role in Role.values else role,
        "unit": telling.named("unit", telling.data.get("unit")),
    }


def _role_granted(telling: Telling) -> str:
    return _role(_("%(who)s gave %(name)s a role: %(role)s, %(unit)s."), telling)


def _role_ended(telling: Telling) -> str:
    return _role(_("%(who)s ended a role of %(name)s: %(role)s, %(unit)s."), telling)


def _role_withdrawn(telling: Telling) -> str:
    return _role(_("%(who)s took back a role of %(name)s: %(role)s, %(unit)s."), telling)


def _deputy(sentence: str, telling: Telling) -> str:
    return sentence % {
        "who": telling.who,
        "principal": telling.named("principal", telling.data.get("principal")),
        "deputy": telling.named("deputy", telling.data.get("deputy")),
    }


def _deputy_appointed(telling: Telling) -> str:
    return _deputy(_("%(who)s let %(deputy)s stand in for %(principal)s."), telling)


def _deputy_ended(telling: Telling) -> str:
    return _deputy(_("%(who)s ended that %(deputy)s stands in for %(principal)s."), telling)


register(
    {
        "organisation.unit_created": gettext_lazy("%(who)s made the unit."),
        "organisation.unit_changed": _changed,
        "organisation.unit_moved": _unit_moved,
        "organisation.unit_closed": gettext_lazy("%(who)s closed the unit."),
        "organisation.unit_reopened": gettext_lazy("%(who)s opened the unit again."),
        "organisation.imported": gettext_lazy("%(who)s imported a spreadsheet of units and people."),
        "organisation.settings_created": gettext_lazy("%(who)s made the municipality's settings."),
        "organisation.settings_changed": _changed,
        "organisation.person_added": gettext_lazy("%(who)s added the person."),
        "organisation.person_invited": gettext_lazy("%(who)s sent a link for choosing a password."),
        "organisation.person_changed": _changed,
        "organisation.handed_over": gettext_lazy("%(who)s handed over what the person answered for."),
        "organisation.person_left": gettext_lazy("%(who)s closed the account."),
        "organisation.person_returned": gettext_lazy("%(who)s opened the account again."),
        "organisation.language_chosen": gettext_lazy("%(who)s chose another language."),
        "organisation.password_chosen": gettext_lazy("%(who)s chose a password."),
        "organisation.role_granted": _role_granted,
        "organisation.role_ended": _role_ended,
        "organisation.role_withdrawn": _role_withdrawn,
        "organisation.deputy_appointed": _deputy_appointed,
        "organisation.deputy_ended": _deputy_ended,
        "organisation.deputy_withdrawn": _deputy_ended,
    },
    refers={"parent": Unit, "unit": Unit, "user": User, "principal": User, "deputy": User},
)


def of_unit(unit: Unit, reader: User) -> list[Told]:
    """The newest events of the unit itself."""
    return tell(Event.objects.about(unit).select_related(None).order_by("-number")[:SHOWN], reader)


def of_person(user: User, reader: User) -> list[Told]:
    """The newest events of the account, its roles and its deputies."""
    types = ContentType.objects.get_for_models(User, Membership, Deputy)
    events = Event.objects.filter(
        Q(subject_type=types[User], subject_id=user.pk)
        | Q(subject_type=types[Membership], subject_id__in=Membership.objects.filter(user=user).values("pk"))
        | Q(subject_type=types[Deputy], subject_id__in=Deputy.objects.filter(principal=user).values("pk"))
    )
    return tell(events.order_by("-at", "-pk")[:SHOWN], reader)

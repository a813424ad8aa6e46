"""The administrator's forms, and the leader's for a deputy."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kvalitetslosen.organisation.handover import Responsibility
from kvalitetslosen.organisation.models import Language, MunicipalitySettings, Role, Unit, User
from kvalitetslosen.organisation.search import colleagues_of, person_label, unit_label, units_kept_by
from kvalitetslosen.ui.forms import Cards, FilterForm, Fold, Layout, PageForm, Row
from kvalitetslosen.ui.lookup import LookupField

if TYPE_CHECKING:
    UnitModelForm = forms.ModelForm[Unit]
    UserModelForm = forms.ModelForm[User]
    SettingsModelForm = forms.ModelForm[MunicipalitySettings]
else:
    # Django's forms know no type parameters at run time.
    UnitModelForm = UserModelForm = SettingsModelForm = forms.ModelForm


def is_code(text: str) -> bool:
    """Whether a unit's code can be this."""
    return re.fullmatch(r"[0-9A-Za-zÆØÅæøå._/-]{1,12}", text) is not None


class Suggesting:
    """A form with fields in which one writes part of a name."""

    fields: dict[str, forms.Field]

    def suggest(self, name: str, find: Callable[[str], QuerySet[Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, LookupField)
        field.suggest_in(self, name, find)  # type: ignore[arg-type]


def unit_field(label: Any, **kwargs: Any) -> LookupField:
    return LookupField(url_name="organisation:find_unit", label_of=unit_label, label=label, **kwargs)


def person_field(label: Any, **kwargs: Any) -> LookupField:
    return LookupField(url_name="organisation:find_person", label_of=person_label, label=label, **kwargs)


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, **kwargs)


class UnitForm(PageForm, UnitModelForm):
    class Meta:
        model = Unit
        fields = ("name", "code", "kind", "language")
        labels = {
            "name": gettext_lazy("Name"),
            "code": gettext_lazy("Code"),
            "kind": gettext_lazy("What kind of unit"),
            "language": gettext_lazy("Language"),
        }
        help_texts = {"code": gettext_lazy("Short, and no other unit in the municipality has it. For example HB.")}

    def __init__(self, *args: Any, top: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [("", _("As the municipality")), *Language.choices]
        if top:  # the municipality: its code starts the reference of every case
            del self.fields["code"], self.fields["kind"]
        else:
            kind = self.fields["kind"]
            assert isinstance(kind, forms.ChoiceField)
            kind.choices = [each for each in Unit.Kind.choices if each[0] != Unit.Kind.MUNICIPALITY]

    def layout(self) -> Layout:
        return Layout("name", Row("code", "kind") if "code" in self.fields else Row(), "language")

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not is_code(code):
            raise ValidationError(_("Use letters, digits and - only, without spaces."), code="code")
        return code


class MoveUnitForm(PageForm, Suggesting, forms.Form):
    parent = unit_field(gettext_lazy("Which unit shall it lie under?"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggest("parent", partial(units_kept_by, user))


class PeopleFilter(FilterForm, Suggesting, forms.Form):
    q = forms.CharField(label=gettext_lazy("Name or e-mail"), required=False, max_length=120)
    unit = unit_field(gettext_lazy("Unit, with those below it"), required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("Account"), required=False)

    def __init__(self, *args: Any, find_unit: Callable[[str], QuerySet[Unit]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggest("unit", find_unit)
        for name, choices in (
            ("role", [("", _("All roles")), *Role.choices]),
            ("state", [("", _("In use")), ("left", _("Closed")), ("waiting", _("No password yet"))]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def layout(self) -> Layout:
        return Layout("q", Fold(_("Unit, role and account"), "unit", "role", "state"))


class PersonForm(PageForm, UserModelForm):
    class Meta:
        model = User
        fields = ("name", "email", "title", "language")
        labels = {
            "name": gettext_lazy("Name"),
            "email": gettext_lazy("E-mail"),
            "title": gettext_lazy("Job title"),
            "language": gettext_lazy("Language"),
        }
        help_texts = {"email": gettext_lazy("The person logs in with it, and gets mail there.")}

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another account has this e-mail address."), code="taken")
        return email


class NewPersonForm(Suggesting, PersonForm):
    unit = unit_field(gettext_lazy("Where do they work?"))
    role = forms.ChoiceField(label=gettext_lazy("Role there"), choices=Role.choices, initial=Role.EMPLOYEE)
    invite = forms.BooleanField(
        label=gettext_lazy("Send an e-mail with a link for choosing a password"), required=False, initial=True
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggest("unit", partial(units_kept_by, user))

    def layout(self) -> Layout:
        return Layout("name", "email", Row("title", "language"), Row("unit", "role"), "invite")


class RoleForm(PageForm, Suggesting, forms.Form):
    unit = unit_field(gettext_lazy("Unit"))
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    valid_from = date_field(gettext_lazy("First day"))
    valid_to = date_field(
        gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Leave it empty when there is no end.")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggest("unit", partial(units_kept_by, user))
        self.fields["valid_from"].initial = timezone.localdate

    def layout(self) -> Layout:
        return Layout("unit", "role", Row("valid_from", "valid_to"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_to")
        if begins and ends and ends < begins:
            self.add_error("valid_to", _("The last day comes before the first."))
        return cleaned


class EndRoleForm(PageForm, forms.Form):
    last_day = date_field(
        gettext_lazy("Last day"),
        help_text=gettext_lazy("The right is gone the day after. Choose yesterday to end it at once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = timezone.localdate

    def clean_last_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["last_day"]
        if day < timezone.localdate() - datetime.timedelta(days=1):
            raise ValidationError(_("The person has had the role until now. Choose yesterday or later."), code="past")
        return day


class DeputyForm(PageForm, Suggesting, forms.Form):
    """For oneself, or for anybody one keeps."""

    principal = person_field(gettext_lazy("Who is away?"))
    deputy = person_field(
        gettext_lazy("Who stands in?"), help_text=gettext_lazy("Write part of the name and choose, or the e-mail.")
    )
    valid_from = date_field(gettext_lazy("First day"))
    valid_to = date_field(gettext_lazy("Last day"))

    def __init__(self, *args: Any, user: User, for_others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if for_others:
            self.suggest("principal", partial(colleagues_of, user))
        else:
            del self.fields["principal"]
        self.suggest("deputy", partial(colleagues_of, user))
        self.fields["valid_from"].initial = timezone.localdate

    def layout(self) -> Layout:
        return Layout(*(["principal"] if "principal" in self.fields else []), "deputy", Row("valid_from", "valid_to"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_to")
        if begins and ends and ends < begins:
            self.add_error("valid_to", _("The last day comes before the first."))
        elif ends and ends < timezone.localdate():
            self.add_error("valid_to", _("That day has passed."))
        return cleaned


FOR_ALL = "for-all"


class HandOverForm(PageForm, Suggesting, forms.Form):
    """One field for each group of things the person answers for, and one for all that are left empty."""

    def __init__(
        self, *args: Any, user: User, leaving: User, groups: Iterable[tuple[Responsibility, int]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.keys: dict[str, str] = {}
        groups = list(groups)
        if len(groups) > 1:
            self.fields[FOR_ALL] = person_field(
                _("The same person for everything"),
                required=False,
                help_text=_("Fill in below only what somebody else takes over."),
            )
            self.suggest(FOR_ALL, partial(self.find, user, leaving))
        for responsibility, count in groups:
            name = responsibility.key.replace(".", "-")
            self.keys[name] = responsibility.key
            which = ", ".join(responsibility.which(leaving))
            said = [each for each in (which, str(responsibility.hint)) if each]
            self.fields[name] = person_field(
                _("%(what)s (%(count)s): who takes over?") % {"what": responsibility.name, "count": count},
                required=False,
                help_text=". ".join(each.rstrip(".") for each in said) + "." if said else "",
            )
            self.suggest(name, partial(self.find, user, leaving))

    marks_optional = False

    @staticmethod
    def find(user: User, leaving: User, text: str) -> QuerySet[User]:
        return colleagues_of(user, text).exclude(pk=leaving.pk)

    @property
    def heirs(self) -> dict[str, User]:
        usual = self.cleaned_data.get(FOR_ALL)
        chosen = {key: self.cleaned_data.get(name) or usual for name, key in self.keys.items()}
        return {key: heir for key, heir in chosen.items() if heir}

    def show(self, error: ValidationError) -> None:
        """Put what a verb refused beside the group it is about."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        names = {key: name for name, key in self.keys.items()}
        for key, sentences in error.message_dict.items():
            for sentence in sentences:
                self.add_error(names.get(key), sentence)


class SettingsForm(PageForm, SettingsModelForm):
    closed_days = forms.CharField(
        label=gettext_lazy("Days the offices are closed, besides public holidays"),
        help_text=gettext_lazy("One a line, as 24.12. Deadlines pass over them."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    class Meta:
        model = MunicipalitySettings
        fields = ("language", "narrow_upper_sight", "closed_days")
        labels = {
            "language": gettext_lazy("The municipality's language"),
            "narrow_upper_sight": gettext_lazy("Leaders two or more levels up see only high and critical cases"),
        }
        widgets = {"language": Cards}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["closed_days"] = "\n".join(self.instance.closed_days)

    def clean_closed_days(self) -> list[str]:
        days = []
        for line in self.cleaned_data["closed_days"].splitlines():
            if not (text := line.strip()):
                continue
            match = re.fullmatch(r"(\d{1,2})\.\s*(\d{1,2})\.?", text)
            if match is None or not _is_a_day(int(match[1]), int(match[2])):
                raise ValidationError(
                    _("“%(line)s” isn't a day. Write day and month, as 24.12."), params={"line": text}, code="day"
                )
            days.append(f"{int(match[1]):02}.{int(match[2]):02}")
        return list(dict.fromkeys(days))


def _is_a_day(day: int, month: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)


class ImportForm(PageForm, forms.Form):
    file = forms.FileField(
        label=gettext_lazy("The spreadsheet"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": gettext_lazy("Choose the spreadsheet first.")},
    )

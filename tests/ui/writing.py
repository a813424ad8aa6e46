"""A form with a draft, its errors and its receipt, on the product's own frame: what the browser tests write in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import include, path

from kvalitetslosen.ui.forms import Cards, FilesField, Fold, Layout, PageForm, Show

SENT: list[str] = []

FORM = """{% extends "base.html" %}{% load ui crispy_forms_tags %}
{% block title %}Write{% endblock %}{% block heading %}Write{% endblock %}
{% block main %}<form class="los-form" method="post" enctype="multipart/form-data" novalidate data-draft="note">
{% csrf_token %}{% draft_notice %}{% crispy form %}
<button class="ds-button" type="submit">Send</button>
<button class="ds-button" name="throw" value="1" {% confirm "Throw it away?" "Throw" "danger" %}>Throw</button>
</form><a href="/elsewhere/">Elsewhere</a>{% endblock %}"""
RECEIPT = """{% extends "base.html" %}{% block title %}Thanks{% endblock %}
{% block meta %}<meta name="draft-sent" content="note">{% endblock %}{% block heading %}Thanks{% endblock %}"""
TALK = """{% extends "base.html" %}{% load ui crispy_forms_tags %}{% block title %}Talk{% endblock %}
{% block heading %}Talk{% endblock %}{% block main %}<form class="los-form" method="post" data-draft="talk-1">
{% csrf_token %}{% draft_notice %}{% crispy form %}<button class="ds-button" type="submit">Send</button></form>
<a href="/elsewhere/">Elsewhere</a>{% endblock %}"""
GUARDED = """{% extends "base.html" %}{% block title %}Guarded{% endblock %}{% block heading %}Guarded{% endblock %}
{% block main %}<form method="post" data-guard>{% csrf_token %}<label>Name <input name="name"></label>
<button>Save</button></form><a href="/elsewhere/">Elsewhere</a>{% endblock %}"""


class NoteForm(PageForm, forms.Form):
    text = forms.CharField(label="Text", widget=forms.Textarea)
    when = forms.ChoiceField(label="When", choices=[("now", "Now"), ("date", "A date")], widget=Cards)
    day = forms.DateField(label="Day", required=False)
    place = forms.ChoiceField(label="Place", choices=[("a", "A"), ("b", "B")])
    cause = forms.CharField(label="Cause", required=False)
    urgent = forms.BooleanField(label="Urgent", required=False)
    attachments = FilesField(label="Files", required=False)

    def layout(self) -> Layout:
        return Layout(
            "text", "when", Show("when", "date", "day"), "place",
            Fold("More", "cause", "urgent", "attachments", remember="note"),
        )  # fmt: skip


def answer(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(template).render(context, request))


def write(request: HttpRequest) -> HttpResponse:
    form = NoteForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and "throw" in request.POST:
        SENT.append("thrown")
        return HttpResponseRedirect("/receipt/")
    if request.method == "POST" and form.is_valid():
        SENT.append(form.cleaned_data["text"])
        return HttpResponseRedirect("/receipt/")
    return answer(request, FORM, form=form)


def receipt(request: HttpRequest) -> HttpResponse:
    return answer(request, RECEIPT)


class TalkForm(PageForm, forms.Form):
    text = forms.CharField(label="Text", widget=forms.Textarea)


def talk(request: HttpRequest) -> HttpResponse:
    """A form that answers with the page it stands on, as the talk on a case does."""
    form = TalkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if "forbidden" in text:
            raise PermissionDenied
        if "late" in text:
            messages.warning(request, "Somebody else closed it a moment ago.")
        else:
            SENT.append(text)
            messages.success(request, "It is sent.")
        return HttpResponseRedirect("/talk/")
    return answer(request, TALK, form=form)


def guarded(request: HttpRequest) -> HttpResponse:
    return answer(request, GUARDED)


urlpatterns = [
    path("write/", write),
    path("receipt/", receipt),
    path("talk/", talk),
    path("guarded/", guarded),
    path("elsewhere/", guarded),
    path("", include("kvalitetslosen.urls")),
]

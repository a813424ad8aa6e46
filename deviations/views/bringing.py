"""A file from another system: chosen, its columns named, looked through, carried out."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deviations import actions, elsewhere
from deviations.forms.elsewhere import FileForm, MappingForm
from deviations.models import Bringing, BroughtCase, BroughtCount, Deviation
from deviations.views.other_systems import may_bring_somewhere, visible_system
from deviations.views.visiting import visitor
from kvalitetslosen.organisation.models import Unit, User

SHOWN = 200


def bringer(request: HttpRequest) -> User:
    user = visitor(request)
    if not may_bring_somewhere(user):
        raise PermissionDenied
    return user


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Choose a file. Nothing is done with it but reading."""
    user = bringer(request)
    system = visible_system(user, key)
    if not system.is_active:
        raise PermissionDenied
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        name = get_valid_filename(form.file_name)
        return redirect(actions.read_file(system=system, by=user, file_name=name, table=form.cleaned_data["file"]))
    return render(request, "deviations/elsewhere/upload.html", {"form": form, "system": system})


@require_http_methods(["GET", "POST"])
def bringing(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What is in the file, what is wrong in it, and then: bring it in."""
    user = bringer(request)
    rows = Bringing.objects.visible_to(user).select_related("system__municipality")
    kept = get_object_or_404(rows, key=key)
    if kept.begun_at:
        outcome = {name: kept.outcome.get(name, 0) for name in (*actions.Came, "refused")}
        return render(
            request,
            "deviations/elsewhere/done.html",
            {"bringing": kept, "system": kept.system, "outcome": {str(name): n for name, n in outcome.items()}},
        )
    system = kept.system
    if not system.is_active:
        raise PermissionDenied  # it was put out of use since the file was read
    reader = elsewhere.Reader(system, lambda unit: elsewhere.may_bring_to(user, unit))
    columns = elsewhere.guessed(system, kept.headings)
    given = [(number, elsewhere.by_field(columns, kept.headings, cells)) for number, cells in kept.rows]
    unknown = reader.unknown(row for _number, row in given)
    posted = request.POST if request.method == "POST" else None
    form = MappingForm(posted, bringing=kept, reader=reader, columns=columns, unknown=unknown)
    if request.method == "POST" and form.is_valid():
        actions.keep_mapping(system=system, by=user, **form.said)
        if "hent" in request.POST:
            actions.carry_out(bringing=kept, columns=form.said["columns"])
            messages.success(request, _("It is on its way in.") if kept.total > SHOWN else _("Done."))
        return redirect(kept)
    return render(
        request,
        "deviations/elsewhere/preview.html",
        {"form": form, "bringing": kept, "system": system, **preview(reader, given, user)},
    )


def preview(reader: elsewhere.Reader, given: list[tuple[int, dict[str, str]]], user: User) -> dict[str, object]:
    """What would come in, what is here already, and the rows that can't, each with why.

    Of what the person may not see nothing is changed, and so nothing said either but that the number is taken.
    """
    read = reader.read_all(given)
    fit = [row for row in read if not row.problems]
    system = reader.system
    known: dict[str, Any]
    if system.brings_cases:
        brought = BroughtCase.objects.filter(system=system)
        known = dict(brought.values_list("foreign_id", "digest"))
        visible = brought.filter(deviation__in=Deviation.objects.visible_to(user).values("pk"))
        seen = set(visible.values_list("foreign_id", flat=True))
        same = sum(row.id in known and (row.id not in seen or known[row.id] == row.digest) for row in fit)
    else:
        counts = BroughtCount.objects.filter(system=system)
        rows = counts.values_list("foreign_id", "unit", "category", "date", "n")
        known = {foreign_id: tuple(rest) for foreign_id, *rest in rows}
        may = {
            unit.pk for unit in Unit.objects.filter(pk__in=counts.values("unit")) if elsewhere.may_bring_to(user, unit)
        }
        same = sum(
            row.id in known
            and (known[row.id][0] not in may or known[row.id] == (row.unit.pk, row.category.pk, row.date, row.n))
            for row in fit
            if row.unit and row.category
        )
    there = sum(row.id in known for row in fit)
    by_unit = Counter(row.unit for row in fit if isinstance(row.unit, Unit))
    wrong = [row for row in read if row.problems]
    return {
        "new": len(fit) - there,
        "changed": there - same,
        "same": same,
        "by_unit": sorted(by_unit.items(), key=lambda each: (-each[1], each[0].name)),
        "wrong": wrong[:SHOWN],
        "more_wrong": max(len(wrong) - SHOWN, 0),
        "n_wrong": len(wrong),
    }

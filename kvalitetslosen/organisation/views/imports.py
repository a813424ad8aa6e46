"""Import of units and people: choose a file, look at what it would do, carry it out."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kvalitetslosen.organisation import bulk_import, spreadsheet
from kvalitetslosen.organisation.access import administrator
from kvalitetslosen.organisation.forms import ImportForm
from kvalitetslosen.organisation.models import ImportDraft

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_FAULTS = 500
SHOWN_CHANGES = 50


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file. Nothing is done with it but reading."""
    user = administrator(request)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            contents = spreadsheet.read(file)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            ImportDraft.objects.expired().delete()
            draft = ImportDraft.objects.create(
                owner=user,
                municipality_id=user.municipality_id,
                file_name=get_valid_filename(file.name)[-200:],
                rows=contents.as_json(),
            )
            return redirect("organisation:import_draft", key=draft.key)
    return render(request, "organisation/import.html", {"form": form})


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What would this file do, and what is wrong in it? Then: do it."""
    user = administrator(request)
    kept = get_object_or_404(ImportDraft.objects.visible_to(user), key=key)
    if request.method == "POST":
        try:
            done = bulk_import.carry_out(
                draft=kept, by=user, digest=request.POST.get("digest", ""), invite="invite" in request.POST
            )
        except bulk_import.Changed:
            messages.warning(request, _("Something has changed since you looked. Look once more before you go on."))
            return redirect("organisation:import_draft", key=kept.key)
        if done is None:
            messages.info(request, _("This import was done already."))
        else:
            messages.success(
                request,
                _("Imported. Units: %(units)s. People: %(people)s. Roles: %(roles)s.")
                % {
                    "units": len(done.new_units) + len(done.changed_units) + len(done.moved_units),
                    "people": len(done.new_people) + len(done.changed_people),
                    "roles": len(done.new_roles),
                },
            )
        return redirect("organisation:people")
    if kept.carried_out_at:
        messages.info(request, _("This import was done already."))
        return redirect("organisation:people")
    contents = spreadsheet.Contents.from_json(kept.rows)
    plan = bulk_import.plan(contents, user)
    faults = plan.described_faults(contents)
    return render(
        request,
        "organisation/import_draft.html",
        {
            "draft": kept,
            "plan": plan,
            "faults": faults[:SHOWN_FAULTS],
            "more_faults": max(len(faults) - SHOWN_FAULTS, 0),
            "shown": SHOWN_CHANGES,
            "shown_slice": f":{SHOWN_CHANGES}",
            "unused": contents.unused,
        },
    )


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The spreadsheet to fill in; ``?med=alt`` gives it with what is here now."""
    user = administrator(request)
    if request.GET.get("med") == "alt":
        data = spreadsheet.template(bulk_import.present_units(user), bulk_import.present_people(user))
        name = _("units-and-people-%(day)s.xlsx") % {"day": timezone.localdate().isoformat()}
    else:
        data, name = spreadsheet.template(), _("units-and-people.xlsx")
    return HttpResponse(
        data,
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )

"""Finding the cause of a case: one page that leads from how much there is to learn to the cause in words."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from deviations import access, actions, fishbone
from deviations.forms.analysing import MomentForm, PeersForm, ResponseForm, StepsForm, WeighForm, WhyForm
from deviations.forms.steps import AnalyseForm
from deviations.learning import PEERS_MEAN, STEPS, Suggestion, suggested
from deviations.lifecycle import LIFECYCLE
from deviations.models import CauseAnalysis, CauseKind, Deviation, Moment, Peers, Response, Weight, Why, branch_of
from deviations.views.visiting import visible_case, visitor
from kvalitetslosen.journal.models import Event
from kvalitetslosen.journal.sentences import folded, tell
from kvalitetslosen.organisation.models import User

LATELY, LOOKED_BACK = 8, 60  # lines told, and events they are put together from
NOUNS = ("moment", "why")
CHOOSING = "valg"


@dataclass
class Branch:
    """A why with those under it, and how many stand above it."""

    why: Why
    depth: int
    under: list[Branch] = field(default_factory=list)
    changeable: bool = True  # by who reads


@dataclass(frozen=True)
class Own:
    """The ids of what one person has added to an analysis, as the journal has it: the rows keep no names."""

    moments: frozenset[int]
    whys: frozenset[int]

    @classmethod
    def of(cls, analysis: CauseAnalysis, user: User) -> Own:
        added = Event.objects.about(analysis).filter(by=user, type__in=[f"deviations.{noun}_added" for noun in NOUNS])
        found: dict[str, set[int]] = {f"deviations.{noun}_added": set() for noun in NOUNS}
        for event in added.only("type", "data"):
            found[event.type].add(event.data["of"])
        return cls(*(frozenset(found[f"deviations.{noun}_added"]) for noun in NOUNS))

    def may_remove(self, why: Why, whys: list[Why]) -> bool:
        """One's own, as long as nothing of anybody else's stands under it, however far down."""
        return branch_of(why.pk, whys) <= self.whys


@dataclass
class Found:
    """The whole of an analysis, read in four questions however long it is."""

    analysis: CauseAnalysis | None
    moments: list[Moment] = field(default_factory=list)
    whys: list[Why] = field(default_factory=list)
    own: Own | None = None  # the rows of who reads, where they may change no others

    @classmethod
    def of(cls, deviation: Deviation, by: User | None = None) -> Found:
        """``by``: a colleague who may change only what they wrote themselves. One query more."""
        analysis = CauseAnalysis.objects.prefetch_related("steps").filter(deviation=deviation).first()
        if analysis is None:
            return cls(None)
        analysis.deviation = deviation
        own = Own.of(analysis, by) if by else None
        moments, whys = list(analysis.moments.all()), list(analysis.whys.all())
        for each in moments:
            each.changeable = own is None or each.pk in own.moments
        return cls(analysis, moments, whys, own)

    @property
    def tree(self) -> list[Branch]:
        """In the order one reads them, each with its depth; a parent is always older than what is under it."""
        by_pk: dict[int, Branch] = {}
        top: list[Branch] = []
        for why in self.whys:
            above = by_pk.get(why.parent_id or 0)
            changeable = self.own is None or why.pk in self.own.whys
            branch = by_pk[why.pk] = Branch(why, above.depth + 1 if above else 1, changeable=changeable)
            (above.under if above else top).append(branch)
        return top

    @property
    def causes(self) -> list[tuple[CauseKind, list[Why]]]:
        """The causes by where they lie."""
        found = [(kind, [why for why in self.whys if why.weight and why.kind == kind]) for kind in CauseKind]
        return [(kind, whys) for kind, whys in found if whys]

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The steps of the chosen response that were ticked or noted."""
        if self.analysis is None:
            return []
        questions = STEPS.get(self.analysis.response, ())
        rows = [row for row in self.analysis.steps.all() if row.response == self.analysis.response]
        return [
            {"asks": questions[row.number - 1].asks, "done": row.done, "note": row.note}
            for row in sorted(rows, key=lambda row: row.number)
            if 0 < row.number <= len(questions) and (row.done or row.note)
        ]

    @property
    def suggestion(self) -> Suggestion | None:
        one = self.analysis
        return suggested(one.learn, one.known, one.reach, serious=one.deviation.is_serious) if one else None

    def picture(self, about: str) -> SafeString:
        return fishbone.drawn({kind: [why.text for why in whys] for kind, whys in self.causes}, about)

    @property
    def summary(self) -> str:
        """The cause of the case as the analysis has it, for whoever closes it to change."""
        lines = []
        for weight in Weight:
            for kind, whys in self.causes:
                lines += [f"{weight.label} – {kind.label}: {why.text}" for why in whys if why.weight == weight]
        if self.analysis and self.analysis.peers in (Peers.YES, Peers.NO):
            lines.append(str(PEERS_MEAN[self.analysis.peers]))
        return "\n".join(lines)


def case_to_read(user: User, reference: str) -> Deviation:
    """The case, for whoever sees all of it: else 404 or 403."""
    deviation = visible_case(user, reference)
    if not access.reads_analysis(access.parts_of(deviation, user)):
        raise PermissionDenied
    return deviation


def case_to_analyse(user: User, reference: str) -> Deviation:
    deviation = visible_case(user, reference)
    if not access.may_analyse(deviation, access.parts_of(deviation, user)):
        raise PermissionDenied
    return deviation


@require_GET
def analysis(request: HttpRequest, reference: str) -> HttpResponse:
    """Why did it happen?"""
    user = visitor(request)
    return _page(request, user, case_to_read(user, reference))


def _page(request: HttpRequest, user: User, deviation: Deviation, **sent: Form) -> HttpResponse:
    found = Found.of(deviation)
    parts = access.parts_of(deviation, user)
    may = access.may_analyse(deviation, parts)
    forms: dict[str, Any] = {}
    if may:
        one = found.analysis
        suggestion = found.suggestion
        forms = {
            "weigh": WeighForm(analysis=one),
            "response": ResponseForm(analysis=one, suggested=suggestion.response if suggestion else ""),
            "steps": StepsForm(analysis=one) if one and one.response else None,
            "peers": PeersForm(analysis=one),
            **row_forms(request, found),
            **sent,
        }
    may_conclude = "analyse" in {step.name for step in LIFECYCLE.available(deviation.state, parts)}
    events: list[Event] = []
    if found.analysis:
        events = list(Event.objects.about(found.analysis).select_related("by").order_by("-number")[:LOOKED_BACK])
    context = {
        "deviation": deviation,
        "found": found,
        "may": may,
        "forms": forms,
        "picture": found.picture(_about(deviation)),
        "meaning": PEERS_MEAN.get(found.analysis.peers) if found.analysis else None,
        "conclude": AnalyseForm(deviation=deviation, user=user, initial={"cause": deviation.cause or found.summary})
        if may_conclude
        else None,
        "told": folded(tell(events, user))[:LATELY],
        "base": f"{deviation.get_absolute_url()}arsak/",
        "draft": deviation.reference,
        "choosing": CHOOSING in request.GET,
        "from_merged": _from_merged(deviation, user),
    }
    return render(request, "deviations/analysis/page.html", context, status=422 if sent else 200)


def row_forms(request: HttpRequest, found: Found) -> dict[str, Any]:
    """The forms for a moment and a why: empty, of the row that is to be changed, or under the why it explains."""
    wanted = {name: _row(request.GET.get(name, "")) for name in ("rad", "endre", "under")}
    own = found.own
    moment = next((each for each in found.moments if each.key == wanted["rad"]), None)
    why = next((each for each in found.whys if each.key == wanted["endre"]), None)
    if own is not None:
        moment = moment if moment and moment.pk in own.moments else None
        why = why if why and why.pk in own.whys else None
    under = next((each for each in found.whys if each.key == wanted["under"]), None)
    return {
        "moment": MomentForm(moment=moment),
        "why": WhyForm(why=why, under=under),
        "changed_moment": moment,
        "changed_why": why,
        "may_remove_why": why is not None and (own is None or own.may_remove(why, found.whys)),
        "under": under,
    }


def _about(deviation: Deviation) -> str:
    return deviation.category.label if deviation.category else deviation.get_kind_display()


def _row(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _from_merged(deviation: Deviation, user: User) -> list[CauseAnalysis]:
    """What was found out in cases that were merged into this one: it stays with them, and is read from here."""
    if not getattr(deviation, "took_in", False):
        return []
    merged = [row.pk for row in deviation.merged_here()]
    rows = CauseAnalysis.objects.visible_to(user).filter(deviation__in=merged)
    return list(rows.select_related("deviation").order_by("deviation__reported_at", "pk"))


# What is saved: each part of the page has its form and its button


def _weigh(user: User, deviation: Deviation, form: Any) -> str:
    actions.weigh(deviation=deviation, by=user, **form.cleaned_data)
    return f"?{CHOOSING}=1#respons"  # with the suggestion in sight, also where something was chosen before


def _choose(user: User, deviation: Deviation, form: Any) -> str:
    actions.weigh(deviation=deviation, by=user, response=form.cleaned_data["response"])
    return "#steg"


def _work(user: User, deviation: Deviation, form: Any) -> str:
    actions.work_through(deviation=deviation, by=user, response=form.response, steps=form.steps)
    return "#steg"


def put_moment(user: User, deviation: Deviation, form: Any) -> str:
    said = form.cleaned_data
    actions.put_moment(deviation=deviation, by=user, key=said["key"], happened_at=said["at"], what=said["what"],
                       expected=said["expected"])  # fmt: skip
    return "#tid"


def put_why(user: User, deviation: Deviation, form: Any) -> str:
    """The next question is the why of what was just answered, unless that is where one stops."""
    said = form.cleaned_data
    put = actions.put_why(deviation=deviation, by=user, **said)
    return "#hvorfor" if put.weight else f"?under={put.key}#ny"


def _peers(user: User, deviation: Deviation, form: Any) -> str:
    actions.judge_peers(deviation=deviation, by=user, **form.cleaned_data)
    return "#bytte"


SAVING: dict[str, tuple[str, Callable[[User, Deviation, Any], str]]] = {
    "valg": ("weigh", _weigh),
    "respons": ("response", _choose),
    "steg": ("steps", _work),
    "tid": ("moment", put_moment),
    "hvorfor": ("why", put_why),
    "bytte": ("peers", _peers),
}
REMOVING = {"tid": "moment", "hvorfor": "why"}


@require_POST
def save(request: HttpRequest, reference: str, part: str) -> HttpResponse:
    """Save one part of the page; the same sent twice changes nothing."""
    user = visitor(request)
    deviation = case_to_analyse(user, reference)
    if part not in SAVING:
        raise Http404
    name, put = SAVING[part]
    form = _form(name, request, deviation)
    if form is None:
        return redirect("deviations:analysis", reference)
    if not form.is_valid():
        return _page(request, user, deviation, **{name: form})
    try:
        where = put(user, deviation, form)
    except actions.CaseEnded:
        messages.warning(request, _("The case was closed meanwhile."))
        where = ""
    except actions.TooManyRows:
        messages.warning(request, _("There are a hundred already. Take some away before you add more."))
        where = ""
    except Why.DoesNotExist:
        messages.warning(request, _("Somebody took that away meanwhile."))
        where = "#hvorfor"
    return redirect(f"{deviation.get_absolute_url()}arsak/{where}")


def _form(name: str, request: HttpRequest, deviation: Deviation) -> Form | None:
    """The form that was sent; none where there are no steps to tick."""
    if name == "moment":
        return MomentForm(request.POST)
    if name == "why":
        return WhyForm(request.POST)
    analysis = CauseAnalysis.objects.prefetch_related("steps").filter(deviation=deviation).first()
    if name == "steps":
        return StepsForm(request.POST, analysis=analysis) if analysis and analysis.response else None
    form: dict[str, Callable[..., Form]] = {"weigh": WeighForm, "response": ResponseForm, "peers": PeersForm}
    return form[name](request.POST, analysis=analysis)


@require_POST
def remove(request: HttpRequest, reference: str, part: str, key: uuid.UUID) -> HttpResponse:
    """Take a row away, with what stands under it. One that is gone is gone."""
    user = visitor(request)
    deviation = case_to_analyse(user, reference)
    if part not in REMOVING:
        raise Http404
    try:
        actions.remove_row(deviation=deviation, by=user, noun=REMOVING[part], key=key)
    except actions.CaseEnded:
        messages.warning(request, _("The case was closed meanwhile."))
    return redirect(f"{deviation.get_absolute_url()}arsak/#{part}")


@require_GET
def paper(request: HttpRequest, reference: str) -> HttpResponse:
    """The analysis to print or save as a file."""
    deviation = case_to_read(visitor(request), reference)
    found = Found.of(deviation)
    if found.analysis is None:
        raise Http404
    return render(
        request,
        "deviations/analysis/paper.html",
        {
            "deviation": deviation,
            "found": found,
            "picture": found.picture(_about(deviation)),
            "meaning": PEERS_MEAN.get(found.analysis.peers),
            "response": Response(found.analysis.response).label if found.analysis.response else "",
            "printed": timezone.now(),
            "language": get_language(),
        },
    )


def found_in(user: User, deviation: Deviation) -> dict[str, Any] | None:
    """On the page of the case: the way to the analysis, and how far it is, for whoever sees all of the case."""
    parts = access.parts_of(deviation, user)
    begun = getattr(deviation, "is_analysed", True)
    if not access.reads_analysis(parts) or not (begun or access.may_analyse(deviation, parts)):
        return None
    if not begun:
        return {"deviation": deviation, "found": None}
    found = Found.of(deviation)
    return {"deviation": deviation, "found": found if found.analysis else None}

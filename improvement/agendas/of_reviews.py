"""What an agenda says of the house itself, for the management review: risk, what is shared, and what was decided."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from improvement.agendas.making import Making, Source, few, register_source
from improvement.agendas.of_work import effects
from improvement.lifecycle import State
from improvement.models import Acceptance, Action, AgendaItem, Hazard, Meeting, RiskAnalysis
from improvement.risk_lifecycle import RiskState
from kvalitetslosen.networks.models import Network
from kvalitetslosen.organisation.models import User

COOPERATION = "/cooperation-and-handover"
"""The base category of what goes wrong between services."""


def risk(making: Making) -> str:
    """How many analyses apply, were looked at anew and wait for it; how many hazards aren't accepted."""
    here = RiskAnalysis.objects.visible_to(making.user).in_subtree(making.unit).filter(state=RiskState.APPLIES)
    apply = here.count()
    said = []
    if apply:
        said.append(
            ngettext("%(n)d risk analysis applies.", "%(n)d risk analyses apply.", apply) % {"n": apply}
            + " "
            + _("Looked at anew in the period: %(reviewed)d. Past its day: %(late)d.")
            % {
                "reviewed": here.filter(making.within("reviewed_at")).count(),
                "late": here.filter(review_on__lt=timezone.localdate()).count(),
            }
        )
        hazards = Hazard.objects.filter(analysis__in=here.values("pk"), acceptance=Acceptance.NOT_ACCEPTED).count()
        if hazards:
            said.append(
                ngettext(
                    "%(n)d hazard is not accepted as it is.", "%(n)d hazards are not accepted as they are.", hazards
                )
                % {"n": hazards}
            )
    return " ".join([*said, effects(making)]).strip()


def _risk_link(user: User, meeting: Meeting) -> str:
    return reverse("risks:list") if meeting.forum.unit.municipality_id == user.municipality_id else ""


def shared(making: Making) -> str:
    """Cases about working together, and the networks the municipality is in."""
    rows = making.cases.filter(making.within("reported_at"), category__base__endswith=COOPERATION)
    said = [_("Cases about cooperation and handover: %(n)s.") % {"n": few(rows.count())}]
    networks = list(
        Network.objects.of(making.unit.municipality_id).order_by("name", "pk").values_list("name", flat=True)
    )
    if networks:
        said.append(_("Networks we are in: %(names)s.") % {"names": ", ".join(networks)})
    said.append(_("What do suppliers and the services we share deliver, and what has gone wrong?"))
    return " ".join(said)


def decided(making: Making) -> str:
    """What came of the decisions of the meeting before: how many, and how far their actions are.

    Of the first review it is what other meetings of the area decided in the period, as far as whoever makes it sees.
    """
    if making.previous is None:
        return _decided_elsewhere(making) if making.is_first_review else ""
    items = AgendaItem.objects.filter(meeting=making.previous, deviation__about=None)
    decisions = items.exclude(decision="").count()
    actions = Action.objects.filter(agenda_item__in=items.values("pk"))
    late = Q(closed_at=None, deadline__lt=timezone.localdate())
    counts = {
        "decisions": decisions,
        "actions": actions.count(),
        "done": actions.filter(state=State.DONE).count(),
        "late": actions.filter(late).count(),
    }
    if not decisions and not counts["actions"]:
        return ""
    said = (
        _("Decisions last time: %(decisions)d. Actions: %(actions)d, of them done %(done)d and late %(late)d.")
        % counts
    )
    return f"{said} {_asked()}"


def _decided_elsewhere(making: Making) -> str:
    here = Action.objects.visible_to(making.user).in_subtree(making.unit).about_no_leader()
    found = here.filter(making.within("created_at"), agenda_item__isnull=False).order_by().aggregate(
        actions=Count("pk"),
        done=Count("pk", filter=Q(state=State.DONE)),
        late=Count("pk", filter=Q(closed_at=None, deadline__lt=timezone.localdate())),
    )  # fmt: skip
    if not found["actions"]:
        return ""
    said = (
        _("Actions decided in meetings in the period: %(actions)d, of them done %(done)d and late %(late)d.") % found
    )
    return f"{said} {_asked()}"


def _asked() -> str:
    return _("What do we change now in services, in the system and in resources: who, and by when?")


for source in (
    Source(
        "risk", gettext_lazy("Risk, and whether actions worked"), risk, _risk_link, alone=True,
        covers=("effects", "improvement"),
    ),
    Source("shared", gettext_lazy("Suppliers and shared services"), shared, alone=True),
    Source("decided", gettext_lazy("Decisions"), decided, alone=True),
):  # fmt: skip
    register_source(source)

"""Documents shared with other municipalities, and documents that began as another's."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from documents.lifecycle import ADOPTION, AdoptionState
from documents.models.document import Document, Version
from kvalitetslosen.journal.chain import Journaled
from kvalitetslosen.journal.transitions import Lifecycle, Moving
from kvalitetslosen.networks.lifecycle import State as MemberState
from kvalitetslosen.networks.models import Network, NetworkMember
from kvalitetslosen.organisation.models import User


class ShareQuerySet(models.QuerySet["Share"]):
    def standing(self) -> Self:
        """Not ended, and the municipality is still in the network."""
        member = NetworkMember.objects.members().filter(
            network=OuterRef("network"), municipality=OuterRef("document__level_0")
        )
        return self.filter(Exists(member), ended_at=None)

    def reaching(self, municipality_id: int) -> Self:
        """What other municipalities share with this one, as long as it is in force there."""
        here = NetworkMember.objects.members().filter(network=OuterRef("network"), municipality=municipality_id)
        in_force = Version.objects.in_force().filter(document=OuterRef("document"))
        return self.standing().filter(Exists(here), Exists(in_force)).exclude(document__level_0=municipality_id)

    def visible_to(self, user: User) -> Self:
        """What others share with one's municipality. It applies to nobody here before it is adopted.

        Who writes documents reads it; that is asked in the view, as for all who begin documents.
        """
        return self.reaching(user.municipality_id)


class Share(Journaled):
    """A document shown to the other municipalities of a network: the version in force, never a draft."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="shares")
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "network"], condition=Q(ended_at=None), name="document_shared_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} – {self.network}"

    def get_absolute_url(self) -> str:
        return reverse("documents:shared", args=[self.document_id])

    @property
    def journal_municipality_id(self) -> int | None:
        return self.document.level_0


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    def following(self) -> Self:
        return self.filter(state=AdoptionState.FOLLOWING)

    def with_newest(self) -> Self:
        """With ``newest_id``: the origin's version in force, where it is still shared with the adopter."""
        shared = Share.objects.standing().filter(
            document=OuterRef("document"),
            network__members__municipality=OuterRef(OuterRef("document__level_0")),
            network__members__state=MemberState.MEMBER,
        )
        newest = Version.objects.in_force().filter(Exists(shared), document=OuterRef("origin")).values("pk")[:1]
        return self.annotate(newest_id=Subquery(newest))

    def behind(self) -> Self:
        """Those whose origin has come into force anew since it was last looked at."""
        return self.following().with_newest().exclude(newest_id=None).exclude(newest_id=F("follows"))


class Adoption(Moving):
    """That a document began as another municipality's, and which of its versions it has taken in or looked at."""

    lifecycle: ClassVar[Lifecycle] = ADOPTION

    document = models.OneToOneField(Document, models.PROTECT, related_name="adoption")
    origin = models.ForeignKey(Document, models.PROTECT, related_name="adoptions")
    follows = models.ForeignKey(Version, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=AdoptionState.choices, default=AdoptionState.FOLLOWING)
    adopted_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(document=F("origin")), name="adoption_of_another_document"),
        ]

    def __str__(self) -> str:
        return f"{self.document} ← {self.origin_id}"

    def get_absolute_url(self) -> str:
        return reverse("documents:adoption", args=[self.document.number])

    @property
    def journal_municipality_id(self) -> int | None:
        return self.document.level_0

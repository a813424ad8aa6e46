"""What one reads where there is no net: a person's own choice, which the journal of the handbook needn't know."""

from __future__ import annotations

from documents.models import Document, KeptOffline
from kvalitetslosen.organisation.models import User

MOST = 100  # documents of one person


def keep_offline(*, document: Document, by: User) -> bool:
    """Let the person's devices keep the document. False where they keep as many as they may; again changes nothing."""
    if KeptOffline.objects.filter(user=by, document=document).exists():
        return True
    if KeptOffline.objects.filter(user=by).count() >= MOST:
        return False
    KeptOffline.objects.get_or_create(user=by, document=document)
    return True


def let_go_offline(*, document: Document, by: User) -> None:
    """Their devices remove it the next time they have net."""
    KeptOffline.objects.filter(user=by, document=document).delete()

import datetime

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from kvalitetslosen.organisation.models import ImportDraft
from kvalitetslosen.organisation.tasks import forget
from tests.people import PASSWORD, World


def test_imports_sessions_and_wrong_passwords_are_forgotten_when_they_have_had_their_time(world: World) -> None:
    now = timezone.now()
    clients = [Client(), Client()]
    for client in clients:
        client.post("/konto/login/", {"login": world.nora.email, "password": PASSWORD})
    Session.objects.filter(session_key=clients[0].session.session_key).update(expire_date=now)
    for hours in (1, 25):
        at = now - datetime.timedelta(hours=hours)
        ImportDraft.objects.create(
            owner=world.ada, municipality=world.municipality, file_name=f"{hours}.xlsx", created_at=at
        )
        tried = AccessAttempt.objects.create(username=f"{hours}@fjelldal.example", failures_since_start=1)
        AccessAttempt.objects.filter(pk=tried.pk).update(attempt_time=at)
    forget()
    assert [draft.file_name for draft in ImportDraft.objects.all()] == ["1.xlsx"]
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["1@fjelldal.example"]
    assert UserSession.objects.get(user=world.nora).session_key == clients[1].session.session_key
    assert clients[1].get("/meld/").status_code == 200


def test_the_clock_calls_it() -> None:
    assert forget.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

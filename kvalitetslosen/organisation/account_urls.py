"""Log-in, passwords and sessions: allauth's pages, less those where people would change their account themselves."""

from allauth.account import urls as allauth_urls
from django.urls import path, re_path

from kvalitetslosen.organisation.views import account

urlpatterns = [
    path("okter/", account.sessions, name="usersessions_list"),
    path("okter/<int:pk>/avslutt/", account.end_session, name="end_session"),
    path("okter/avslutt-andre/", account.end_other_sessions, name="end_other_sessions"),
    # Found before allauth's own. Their names stay, since allauth asks for them.
    re_path(r"^(?:email|confirm-email|signup|login/code|reauthenticate)/", account.nowhere),
    *allauth_urls.urlpatterns,
]

"""Addresses. Paths are Norwegian, since people read and share them; names are English."""

from django.urls import include, path

from kvalitetslosen import health
from kvalitetslosen.ui import today

urlpatterns = [
    path("", today.today, name="today"),
    path("rapporter/oversikt/", include("improvement.overview_urls")),
    path("rapporter/faste/", include("kvalitetslosen.reports.urls")),
    path("", include("deviations.urls")),
    path("handbok/", include("documents.urls")),
    path("d/", include("documents.short_urls")),
    path("tiltak/", include("improvement.urls")),
    path("bruk/", include("improvement.keeping_urls")),
    path("arshjul/", include("improvement.year_urls")),
    path("sporsmal/", include("improvement.inquiry_urls")),
    path("malinger/", include("improvement.measure_urls")),
    path("forbedring/", include("improvement.improvement_urls")),
    path("risiko/", include("improvement.risk_urls")),
    path("revisjoner/", include("improvement.audit_urls")),
    path("moter/", include("improvement.meeting_urls")),
    path("laring/", include("improvement.story_urls")),
    path("puls/", include("improvement.pulse_urls")),
    path("organisasjon/", include("kvalitetslosen.organisation.urls")),
    path("oving/", include("kvalitetslosen.practice.urls")),
    path("kalender/", include("kvalitetslosen.calendars.urls")),
    path("nettverk/", include("kvalitetslosen.networks.urls")),
    path("rapporter/", include("kvalitetslosen.figures.urls")),
    path("rapporter/andre-program/", include("kvalitetslosen.open_figures.urls")),
    path("api/tall/v1/", include("kvalitetslosen.open_figures.api_urls")),
    path("", include("kvalitetslosen.notifications.urls")),
    path("vedlegg/", include("kvalitetslosen.files.urls")),
    path("", include("kvalitetslosen.ui.urls")),
    path("konto/", include("kvalitetslosen.organisation.account_urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

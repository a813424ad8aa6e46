from django.urls import path
from django.views.i18n import JavaScriptCatalog

from kvalitetslosen.ui import views

app_name = "ui"
urlpatterns = [
    path("tilgjengelighet/", views.accessibility, name="accessibility"),
    path("stil/", views.style, name="style"),
    # Both at the root: a service worker looks after no more than the folder it comes from.
    path("arbeider.js", views.worker, name="worker"),
    path("app.webmanifest", views.manifest, name="manifest"),
    path("venter/", views.unsent, name="unsent"),
    path("venter/hvem/", views.who_sends, name="who_sends"),
    # The texts of the document editor, which asks for them by the function `gettext` of this script.
    path("tekster.js", JavaScriptCatalog.as_view(packages=["kvalitetslosen.ui"]), name="texts"),
]

from django.urls import path

from kvalitetslosen.open_figures import views

app_name = "open_figures"
urlpatterns = [
    path("", views.overview, name="tokens"),
    path("ny/", views.make, name="make"),
    path("<uuid:key>/trekk/", views.revoke, name="revoke"),
]

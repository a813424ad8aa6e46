from django.urls import path, re_path

from improvement.views import overview as views

app_name = "overview"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("kort/", views.short, name="short"),
    path("diagram/", views.chart, name="chart"),
    re_path(r"^liste/(?P<kind>stille|effekt|revisjon|ulest|sporsmal)/$", views.listed, name="list"),
    path("bort/", views.put_away, name="put_away"),
    path("hent/", views.take_back, name="take_back"),
]

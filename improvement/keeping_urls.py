from django.urls import path, re_path

from improvement.views import keeping as views

app_name = "keeping"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("folk/<int:pk>/", views.team, name="team"),
    path("plakat/<int:pk>/", views.poster, name="poster"),
    re_path(r"^forste-uke/(?P<name>receive|people|figures|deputy|year)/$", views.go, name="go"),
    path("forste-uke/slutt/", views.dismiss, name="dismiss"),
]

from django.urls import path

from kvalitetslosen.figures import denominator_views, views

app_name = "figures"
urlpatterns = [
    path("utforsk/", views.explore, name="explore"),
    path("utforsk/liste/", views.rows, name="list"),
    path("utforsk.csv", views.explore_csv, name="csv"),
    path("utforsk.xlsx", views.explore_xlsx, name="xlsx"),
    path("grunnlag/", denominator_views.denominators, name="denominators"),
    path("definisjoner/", views.definitions, name="definitions"),
]

from django.urls import path

from kvalitetslosen.ui import views

app_name = "ui"
urlpatterns = [
    path("tilgjengelighet/", views.accessibility, name="accessibility"),
    path("stil/", views.style, name="style"),
]

from django.urls import path

from kvalitetslosen.calendars import views

app_name = "calendars"
urlpatterns = [
    path("", views.calendar_page, name="calendar"),
    path("ny/", views.make, name="make"),
    path("slutt/", views.revoke, name="revoke"),
    path("<str:token>.ics", views.serve, name="feed"),
]

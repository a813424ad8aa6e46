from django.urls import path

from improvement.views import pulsing as views

app_name = "pulse"
urlpatterns = [
    path("", views.pulse, name="pulse"),
    path("svar/", views.results, name="results"),
]

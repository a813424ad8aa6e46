from django.urls import path

from kvalitetslosen.practice import views

app_name = "practice"
urlpatterns = [
    path("", views.practice, name="practice"),
    path("start/", views.step_in, name="step_in"),
    path("nytt/", views.anew, name="anew"),
    path("slutt/", views.step_out, name="step_out"),
]

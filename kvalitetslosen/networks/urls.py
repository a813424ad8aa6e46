from django.urls import path

from kvalitetslosen.networks import views

app_name = "networks"
urlpatterns = [
    path("", views.networks, name="networks"),
    path("nytt/", views.found, name="found"),
    path("kommuner/", views.find_municipality, name="find_municipality"),
    path("<int:pk>/", views.network, name="network"),
    path("<int:pk>/navn/", views.rename, name="rename"),
    path("<int:pk>/inviter/", views.invite, name="invite"),
    path("<int:pk>/<int:member>/<str:name>/", views.step, name="step"),
]

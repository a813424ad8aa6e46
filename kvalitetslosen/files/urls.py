from django.urls import path

from kvalitetslosen.files import views

app_name = "files"
urlpatterns = [
    path("<uuid:key>/", views.file, name="file"),
    path("<uuid:key>/liten/", views.thumbnail, name="thumbnail"),
]

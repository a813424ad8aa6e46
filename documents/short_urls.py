"""The short addresses that QR codes on paper lead to. What hangs on a wall stays there: they are never changed."""

from django.urls import path

from documents.views import paper

app_name = "paper"
urlpatterns = [
    path("<int:municipality>/<str:number>/", paper.scanned, name="scanned"),
    path("<int:municipality>/<str:number>/<str:label>/", paper.scanned, name="scanned_copy"),
]

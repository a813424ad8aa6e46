from django.urls import path

from kvalitetslosen.organisation.views import account

app_name = "organisation"
urlpatterns = [
    path("sprak/", account.language, name="language"),
]

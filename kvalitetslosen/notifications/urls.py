from django.urls import path

from kvalitetslosen.notifications import views

app_name = "notifications"
urlpatterns = [
    path("varsler/", views.inbox, name="inbox"),
    path("varsler/lest/", views.mark_read, name="mark_read"),
    path("varsler/innstillinger/", views.mail_choices, name="settings"),
    path("varsler/innstillinger/<str:key>/", views.words, name="words"),
    path("varsler/innstillinger/<str:key>/standard/", views.standard_words, name="standard_words"),
    path("varsler/<int:pk>/", views.follow, name="follow"),
    path("post/", views.demo_mail, name="demo_mail"),
    path("post/<int:pk>/", views.demo_mail_one, name="demo_mail_one"),
]

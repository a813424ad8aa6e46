from django.urls import path, re_path

from improvement.views import bringing, meeting
from improvement.views import forum as forums

app_name = "meetings"
urlpatterns = [
    path("", forums.overview, name="list"),
    path("forum/ny/", forums.found, name="found"),
    path("forum/<int:pk>/", forums.forum_page, name="forum"),
    path("forum/<int:pk>/endre/", forums.change, name="change_forum"),
    path("forum/<int:pk>/deltakere/", forums.add_member, name="add_member"),
    path("forum/<int:pk>/deltakere/<int:person>/ut/", forums.remove_member, name="remove_member"),
    path("forum/<int:pk>/bli-med/", forums.join, name="join"),
    path("forum/<int:pk>/avslutt/", forums.end, name="end_forum"),
    path("forum/<int:pk>/mote/", meeting.plan, name="plan"),
    path("<int:pk>/", meeting.meeting_page, name="meeting"),
    path("<int:pk>/endre/", meeting.change, name="change"),
    path("<int:pk>/holdt/", meeting.hold, name="hold"),
    path("<int:pk>/nye-tall/", meeting.count_anew, name="count_anew"),
    path("<int:pk>/punkt/", meeting.add_item, name="add_item"),
    path("<int:pk>/referat/", meeting.paper, name="paper"),
    re_path(r"^(?P<pk>[0-9]{1,18})/steg/(?P<name>send|approve|cancel)/$", meeting.step, name="step"),
    path("<int:pk>/vegg/", meeting.wall, name="wall"),
    path("punkt/<int:pk>/", meeting.reword, name="reword"),
    path("punkt/<int:pk>/av/", meeting.take_off, name="take_off"),
    path("punkt/<int:pk>/vegg/", meeting.minute, name="minute"),
    re_path(r"^punkt/(?P<pk>[0-9]{1,18})/(?P<how>opp|ned|inn|ut)/$", meeting.arrange, name="arrange"),
    path("sak/<str:reference>/", bringing.bring, name="bring"),
]

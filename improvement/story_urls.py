from django.urls import path, re_path

from improvement.views import telling as views
from improvement.views import trying

app_name = "stories"
urlpatterns = [
    path("", views.story_list, name="list"),
    path("ny/", views.add, name="add"),
    path("<int:pk>/", views.story_page, name="story"),
    path("<int:pk>/skriv/", views.write, name="write"),
    path("<int:pk>/send/", views.send, name="send"),
    path("<int:pk>/endre/", views.want, name="want"),
    re_path(rf"^(?P<pk>[0-9]{{1,18}})/steg/(?P<name>{'|'.join(views.STEPS)})/$", views.step, name="step"),
    path("<int:pk>/provd/", trying.tried, name="tried"),
    path("<int:pk>/spor/", views.ask, name="ask"),
    path("sporsmal/<int:pk>/", views.answer, name="answer"),
]

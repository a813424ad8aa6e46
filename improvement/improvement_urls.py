from django.urls import path, re_path

from improvement.views import boards, improving
from improvement.views import improvement_steps as steps

app_name = "improvements"
urlpatterns = [
    path("", boards.board, name="board"),
    path("skjerm/", boards.big, name="big"),
    path("vegg/<uuid:key>/", boards.wall, name="wall"),
    path("ny/", improving.add, name="add"),
    path("dokumenter/", improving.find_document, name="find_document"),
    path("<int:pk>/", improving.improvement_page, name="improvement"),
    path("<int:pk>/sak/", improving.take_in, name="take_in"),
    path("<int:pk>/sak/<str:reference>/ut/", improving.let_go, name="let_go"),
    re_path(rf"^(?P<pk>[0-9]{{1,18}})/steg/(?P<name>{'|'.join(steps.STEPS)})/$", steps.step, name="step"),
]

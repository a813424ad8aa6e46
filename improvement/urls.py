from django.urls import path, re_path

from improvement.views import acting as views

app_name = "improvement"
urlpatterns = [
    path("", views.action_list, name="actions"),
    path("ny/", views.add, name="add"),
    path("personer/", views.find_person, name="find_person"),
    path("<int:pk>/", views.action_page, name="action"),
    re_path(rf"^(?P<pk>[0-9]{{1,18}})/steg/(?P<name>{'|'.join(views.STEPS)})/$", views.step, name="step"),
]

from django.urls import path, re_path

from improvement.views import yearly as views

app_name = "year"
urlpatterns = [
    path("", views.wheel, name="wheel"),
    path("ny/", views.plan, name="plan"),
    path("sett/", views.lay, name="lay"),
    path("neste/", views.next_year, name="next"),
    path("<int:pk>/", views.task_page, name="task"),
    re_path(r"^(?P<pk>[0-9]{1,18})/steg/(?P<name>tick|skip|again|change|hand_over)/$", views.step, name="step"),
]

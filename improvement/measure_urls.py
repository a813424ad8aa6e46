from django.urls import path, re_path

from improvement.views import measuring as views

app_name = "measures"
urlpatterns = [
    path("", views.measure_list, name="list"),
    path("ny/", views.add, name="add"),
    path("<int:pk>/", views.measure_page, name="measure"),
    path("<int:pk>/skjerm/", views.big, name="big"),
    re_path(rf"^(?P<pk>[0-9]{{1,18}})/steg/(?P<name>{'|'.join(views.STEPS)})/$", views.step, name="step"),
]

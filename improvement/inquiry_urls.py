from django.urls import path, re_path

from improvement.views import inquiring as views

app_name = "inquiries"
urlpatterns = [
    path("", views.inquiry_list, name="list"),
    path("spor/", views.ask, name="ask"),
    path("<int:pk>/", views.inquiry, name="inquiry"),
    re_path(r"^(?P<pk>[0-9]{1,18})/steg/(?P<name>read|withdraw)/$", views.step, name="step"),
    path("fast/<int:pk>/slutt/", views.end_rhythm, name="end_rhythm"),
]

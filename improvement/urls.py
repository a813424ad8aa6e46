from django.urls import path, re_path

from improvement.views import acting as views
from improvement.views import checking, parting

app_name = "improvement"
urlpatterns = [
    path("", views.action_list, name="actions"),
    path("ny/", views.add, name="add"),
    path("personer/", views.find_person, name="find_person"),
    path("<int:pk>/", views.action_page, name="action"),
    re_path(rf"^(?P<pk>[0-9]{{1,18}})/steg/(?P<name>{'|'.join(views.STEPS)})/$", views.step, name="step"),
    path("<int:pk>/deler/ny/", parting.add, name="add_part"),
    re_path(
        r"^(?P<pk>[0-9]{1,18})/deler/(?P<part>[0-9]{1,18})/(?P<name>gjort|angre|fjern)/$", parting.step, name="part"
    ),
    path("effekt/ny/<str:reference>/", checking.add, name="plan_effect"),
    path("<int:pk>/effekt/", checking.add_of, name="plan_effect_of"),
    path("effekt/<int:pk>/", checking.effect_page, name="effect"),
    re_path(
        rf"^effekt/(?P<pk>[0-9]{{1,18}})/steg/(?P<name>{'|'.join(checking.STEPS)})/$",
        checking.step,
        name="effect_step",
    ),
]

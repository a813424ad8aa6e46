from django.urls import path, re_path

from improvement.views import hazards, risks

app_name = "risks"
urlpatterns = [
    path("", risks.risk_list, name="list"),
    path("ny/", risks.add, name="add"),
    path("sak/<str:reference>/", hazards.point, name="point"),
    path("sak/<str:reference>/<int:hazard>/ut/", hazards.point_no_more, name="point_no_more"),
    path("<int:pk>/", risks.risk_page, name="risk"),
    path("<int:pk>/fare/ny/", hazards.add, name="add_hazard"),
    path("<int:pk>/fare/<int:number>/", hazards.hazard_page, name="hazard"),
    path("<int:pk>/fare/<int:number>/endre/", hazards.change, name="change_hazard"),
    path("<int:pk>/fare/<int:number>/vurder/", hazards.decide, name="decide"),
    path("<int:pk>/fare/<int:number>/ta-bort/", hazards.take_away, name="take_away"),
    re_path(rf"^(?P<pk>[0-9]{{1,18}})/steg/(?P<name>{'|'.join(risks.STEPS)})/$", risks.step, name="step"),
]

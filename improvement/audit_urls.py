from django.urls import path, re_path

from improvement.views import audit_points, audits

app_name = "audits"
urlpatterns = [
    path("", audits.audit_list, name="list"),
    path("ny/", audits.plan, name="plan"),
    path("<int:pk>/", audits.audit_page, name="audit"),
    path("<int:pk>/sjekkliste/", audit_points.checklist, name="checklist"),
    path("<int:pk>/sporsmal/", audit_points.add_question, name="add_question"),
    path("<int:pk>/punkt/<int:number>/", audit_points.point_page, name="point"),
    path("<int:pk>/punkt/<int:number>/meld/", audit_points.report, name="report_finding"),
    path("<int:pk>/punkt/<int:number>/ta-bort/", audit_points.strike, name="strike"),
    path("<int:pk>/rapport/", audits.write, name="write"),
    path("<int:pk>/papir/", audits.paper, name="paper"),
    path("<int:pk>/revisorer/<int:person>/ut/", audits.dismiss, name="dismiss"),
    re_path(rf"^(?P<pk>[0-9]{{1,18}})/steg/(?P<name>{'|'.join(audits.STEPS)})/$", audits.step, name="step"),
]

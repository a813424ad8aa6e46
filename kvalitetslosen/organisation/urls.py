from django.urls import path

from kvalitetslosen.organisation.views import account, deputies, imports, people, settings, units

app_name = "organisation"
urlpatterns = [
    path("", units.units, name="units"),
    path("enhet/<int:pk>/", units.unit, name="unit"),
    path("enhet/<int:pk>/ny/", units.add, name="add_unit"),
    path("enhet/<int:pk>/endre/", units.edit, name="edit_unit"),
    path("enhet/<int:pk>/flytt/", units.move, name="move_unit"),
    path("enhet/<int:pk>/lukk/", units.close, name="close_unit"),
    path("enhet/<int:pk>/gjenopne/", units.reopen, name="reopen_unit"),
    path("folk/", people.people, name="people"),
    path("folk/ny/", people.add, name="add_person"),
    path("folk/<int:pk>/", people.one, name="person"),
    path("folk/<int:pk>/endre/", people.edit, name="edit_person"),
    path("folk/<int:pk>/lenke/", people.invite, name="invite_person"),
    path("folk/<int:pk>/rolle/", people.grant, name="grant_role"),
    path("folk/<int:pk>/slutter/", people.leave, name="leave"),
    path("folk/<int:pk>/tilbake/", people.come_back, name="come_back"),
    path("rolle/<int:pk>/avslutt/", people.end, name="end_role"),
    path("stedfortreder/", deputies.deputies, name="deputies"),
    path("stedfortreder/<int:pk>/avslutt/", deputies.end, name="end_deputy"),
    path("import/", imports.upload, name="import"),
    path("import/mal/", imports.template, name="import_template"),
    path("import/<uuid:key>/", imports.draft, name="import_draft"),
    path("innstillinger/", settings.settings, name="settings"),
    path("finn/enhet/", units.find, name="find_unit"),
    path("finn/person/", people.find, name="find_person"),
    path("sprak/", account.language, name="language"),
]

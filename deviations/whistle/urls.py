from django.urls import path

from deviations.whistle.views import by_code, keeping, receiving, telling
from kvalitetslosen import request_log
from kvalitetslosen.practice.middleware import ALWAYS_REAL

# A line in the log at the minute somebody blew the whistle would be half a name.
request_log.UNTOLD.update({"varsle/", "varsling/"})
# Whoever practises and means it must not meet an invented municipality where nobody receives.
ALWAYS_REAL.update({"/varsle/", "/varsling/"})

urlpatterns = [
    path("varsle/", telling.tell, name="whistle"),
    path("varsle/kode/", by_code.enter, name="whistle_code"),
    path("varsle/kode/mitt/", by_code.mine, name="my_whistle"),
    path("varsle/kode/mitt/melding/", by_code.write, name="my_whistle_write"),
    path("varsle/kode/mitt/apne/", by_code.reopen, name="my_whistle_reopen"),
    path("varsle/kode/mitt/filer/", by_code.files, name="my_whistle_files"),
    path("varsle/kode/mitt/filer/<uuid:key>/", by_code.file, name="my_whistle_file"),
    path("varsle/kode/mitt/filer/<uuid:key>/liten/", by_code.thumbnail, name="my_whistle_thumbnail"),
    path("varsle/kode/slutt/", by_code.leave, name="leave_whistle"),
    path("varsling/", receiving.cases, name="whistle_cases"),
    path("varsling/innstillinger/", keeping.overview, name="whistle_settings"),
    path("varsling/innstillinger/mottakere/", keeping.appoint, name="appoint_recipient"),
    path("varsling/innstillinger/mottakere/<int:pk>/slutt/", keeping.end, name="end_recipient"),
    path("varsling/mottakere/<int:pk>/slipp-inn/", receiving.let_in, name="let_in_recipient"),
    path("varsling/<uuid:key>/", receiving.case, name="whistle_case"),
    path("varsling/<uuid:key>/steg/<str:name>/", receiving.step, name="whistle_step"),
    path("varsling/<uuid:key>/svar/", receiving.tell_reporter, name="whistle_tell"),
    path("varsling/<uuid:key>/notat/", receiving.note, name="whistle_note"),
    path("varsling/<uuid:key>/navn/", receiving.identity, name="whistle_identity"),
    path("varsling/<uuid:key>/filer/", receiving.files, name="whistle_files"),
    path("varsling/<uuid:key>/filer/<uuid:file>/", receiving.file, name="whistle_file"),
    path("varsling/<uuid:key>/filer/<uuid:file>/liten/", receiving.thumbnail, name="whistle_thumbnail"),
]

from django.urls import include, path

from deviations.views import case, correcting, finding, reporting, settings, steps, talking, tally_months, tallying

app_name = "deviations"
urlpatterns = [
    path("meld/", reporting.report, name="report"),
    path("meld/steder/", reporting.find_unit, name="find_unit"),
    path("meld/prosedyrer/", reporting.find_procedure, name="find_procedure"),
    path("avvik/", finding.case_list, name="list"),
    path("avvik/innstillinger/", settings.overview, name="settings"),
    path("avvik/innstillinger/kategori/", settings.add_category, name="add_category"),
    path("avvik/innstillinger/standardkategorier/", settings.add_standard, name="add_standard"),
    path("avvik/innstillinger/kategori/<int:pk>/", settings.edit_category, name="edit_category"),
    path("avvik/eksempler/", settings.examples, name="examples"),
    path("avvik/eksempler/<int:pk>/slett/", settings.remove_example, name="remove_example"),
    path("telleark/", tallying.tally, name="tally"),
    path("telleark/kryss/<uuid:key>/angre/", tallying.undo, name="undo_tick"),
    path("telleark/<int:unit>/valg/", tallying.choose, name="choose_ticked"),
    path("telleark/<int:unit>/<str:month>/", tally_months.month, name="tally_month"),
    path("telleark/<int:unit>/<str:month>/<str:name>/", tally_months.step, name="tally_step"),
    path("rapporter/", include("deviations.report_urls")),
    path("avvik/<str:reference>/", case.case, name="case"),
    path("avvik/<str:reference>/takk/", reporting.receipt, name="receipt"),
    path("avvik/<str:reference>/melding/", talking.message, name="message"),
    path("avvik/<str:reference>/hjalp/", talking.helped, name="helped"),
    path("avvik/<str:reference>/rett/", correcting.reclassify, name="reclassify"),
    path("avvik/<str:reference>/navn/", talking.identity, name="identity"),
    path("avvik/<str:reference>/fil/<uuid:key>/fjern/", correcting.remove_file, name="remove_file"),
    path("avvik/<str:reference>/steg/<str:name>/", steps.step, name="step"),
]

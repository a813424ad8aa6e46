from django.urls import include, path

from deviations import settings_views, views

app_name = "deviations"
urlpatterns = [
    path("meld/", views.report, name="report"),
    path("meld/steder/", views.find_unit, name="find_unit"),
    path("meld/prosedyrer/", views.find_procedure, name="find_procedure"),
    path("avvik/", views.case_list, name="list"),
    path("avvik/innstillinger/", settings_views.overview, name="settings"),
    path("avvik/innstillinger/kategori/", settings_views.add_category, name="add_category"),
    path("avvik/innstillinger/standardkategorier/", settings_views.add_standard, name="add_standard"),
    path("avvik/innstillinger/kategori/<int:pk>/", settings_views.edit_category, name="edit_category"),
    path("avvik/eksempler/", settings_views.examples, name="examples"),
    path("avvik/eksempler/<int:pk>/slett/", settings_views.remove_example, name="remove_example"),
    path("rapporter/", include("deviations.report_urls")),
    path("avvik/<str:reference>/", views.case, name="case"),
    path("avvik/<str:reference>/takk/", views.receipt, name="receipt"),
    path("avvik/<str:reference>/melding/", views.message, name="message"),
    path("avvik/<str:reference>/hjalp/", views.helped, name="helped"),
    path("avvik/<str:reference>/rett/", views.reclassify, name="reclassify"),
    path("avvik/<str:reference>/navn/", views.identity, name="identity"),
    path("avvik/<str:reference>/fil/<uuid:key>/fjern/", views.remove_file, name="remove_file"),
    path("avvik/<str:reference>/steg/<str:name>/", views.step, name="step"),
]

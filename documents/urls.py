from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    path("", views.document_list, name="list"),
    path("ny/", views.new_document, name="new"),
    path("enheter/", views.find_unit, name="find_unit"),
    path("personer/", views.find_person, name="find_person"),
    path("innstillinger/", views.settings, name="settings"),
    path("<str:number>/", views.document, name="document"),
    path("<str:number>/opplysninger/", views.particulars, name="particulars"),
    path("<str:number>/ny-versjon/", views.new_version, name="new_version"),
    path("<str:number>/utkast/", views.draft, name="draft"),
    path("<str:number>/utkast/fil/", views.upload, name="upload"),
    path("<str:number>/godkjenning/", views.approval, name="approval"),
    path("<str:number>/versjon/<int:pk>/", views.version, name="version"),
    path("<str:number>/versjon/<int:pk>/fil/", views.file, name="file"),
    path("<str:number>/steg/<str:name>/", views.step, name="step"),
]

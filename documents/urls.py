from django.urls import path

from documents.views import finding, life, paper, reading, settings, sharing, types, writing

app_name = "documents"
urlpatterns = [
    path("", finding.document_list, name="list"),
    path("ny/", writing.new_document, name="new"),
    path("enheter/", finding.find_unit, name="find_unit"),
    path("personer/", finding.find_person, name="find_person"),
    path("etiketter/", paper.label_sheet, name="labels"),
    path("innstillinger/", settings.settings, name="settings"),
    path("innstillinger/typer/", types.types, name="types"),
    path("innstillinger/typer/ny/", types.add_type, name="add_type"),
    path("innstillinger/typer/standard/", types.lay_types, name="lay_types"),
    path("innstillinger/typer/<int:pk>/", types.edit_type, name="edit_type"),
    path("innstillinger/typer/<int:pk>/flytt/", types.move_type, name="move_type"),
    path("delt/", sharing.shared_list, name="shared_list"),
    path("delt/<int:pk>/", sharing.shared, name="shared"),
    path("delt/<int:pk>/fil/", sharing.shared_file, name="shared_file"),
    path("delt/<int:pk>/ta-i-bruk/", sharing.adopt, name="adopt"),
    path("<str:number>/", reading.document, name="document"),
    path("<str:number>/papir/", paper.copy, name="paper"),
    path("<str:number>/opplysninger/", writing.particulars, name="particulars"),
    path("<str:number>/ny-versjon/", writing.new_version, name="new_version"),
    path("<str:number>/utkast/", writing.draft, name="draft"),
    path("<str:number>/utkast/fil/", writing.upload, name="upload"),
    path("<str:number>/godkjenning/", life.approval, name="approval"),
    path("<str:number>/versjon/<int:pk>/", reading.version, name="version"),
    path("<str:number>/versjon/<int:pk>/fil/", reading.file, name="file"),
    path("<str:number>/versjon/<int:pk>/papir/", paper.copy, name="paper_of_version"),
    path("<str:number>/deling/", sharing.sharing, name="sharing"),
    path("<str:number>/deling/<int:pk>/slutt/", sharing.end_share, name="end_share"),
    path("<str:number>/opphav/", sharing.adoption, name="adoption"),
    path("<str:number>/opphav/<str:name>/", sharing.adoption_step, name="adoption_step"),
    path("<str:number>/steg/<str:name>/", life.step, name="step"),
]

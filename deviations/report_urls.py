from django.urls import path

from deviations.views import figures, national

urlpatterns = [
    path("", figures.figures, name="figures"),
    path("tall.csv", figures.figures_csv, name="figures_csv"),
    path("tall.xlsx", figures.figures_xlsx, name="figures_xlsx"),
    path("nasjonale/", national.yearly, name="national"),
    path("nasjonale.csv", national.yearly_csv, name="national_csv"),
    path("saker.xlsx", figures.export_xlsx, name="export_xlsx"),
    path("saker.csv", figures.export, name="export"),
]

from django.urls import path

from deviations.views import figures

urlpatterns = [
    path("", figures.figures, name="figures"),
    path("tall.csv", figures.figures_csv, name="figures_csv"),
    path("tall.xlsx", figures.figures_xlsx, name="figures_xlsx"),
    path("saker.csv", figures.export, name="export"),
]

from django.urls import path

from deviations import report_views

urlpatterns = [
    path("", report_views.figures, name="figures"),
    path("tall.csv", report_views.figures_csv, name="figures_csv"),
    path("tall.xlsx", report_views.figures_xlsx, name="figures_xlsx"),
    path("saker.csv", report_views.export, name="export"),
]

from django.urls import path

from kvalitetslosen.open_figures import api

app_name = "open_figures_api"
urlpatterns = [
    path("openapi.json", api.described, name="openapi"),
    path("subjects", api.subjects, name="subjects"),
    path("answer", api.answer, name="answer"),
    path("answer.csv", api.answer_csv, name="answer_csv"),
    path("tables", api.tables, name="tables"),
    path("units", api.table, {"name": "dim_unit", "form": "json"}, name="units"),
    path("categories", api.table, {"name": "dim_category", "form": "json"}, name="categories"),
    path("tables/<slug:name>.<slug:form>", api.table, name="table"),
    path("<path:rest>", api.unknown, name="unknown"),
]

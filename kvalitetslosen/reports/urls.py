from django.urls import path

from kvalitetslosen.reports.views import adding, prices, reading, schedules, sharing, writing

app_name = "reports"
urlpatterns = [
    path("", reading.report_list, name="list"),
    path("plan/", schedules.add, name="schedule"),
    path("plan/<int:pk>/", schedules.plan, name="plan"),
    path("plan/mottaker/<int:pk>/ta-bort/", schedules.end_recipient, name="end_recipient"),
    path("plan/<int:pk>/stopp/", schedules.stop, name="stop_schedule"),
    path("timepris/", prices.prices, name="prices"),
    path("lagret/<int:pk>/", reading.report_page, name="report"),
    path("lagret/<int:pk>/lysark/", reading.report_slides, name="report_slides"),
    path("lagret/<int:pk>/pdf/", reading.report_pdf, name="report_pdf"),
    path("lagret/<int:pk>/regneark/", reading.report_xlsx, name="report_xlsx"),
    path("lagret/<int:pk>/skriv/", writing.write, name="write"),
    path("lagret/<int:pk>/tall/", adding.add, name="add_figures"),
    path("lagret/<int:pk>/tall/<slug:name>/flytt/", adding.move, name="move_figures"),
    path("lagret/<int:pk>/tall/<slug:name>/ta-ut/", adding.take_out, name="take_out_figures"),
    path("lagret/<int:pk>/godkjenn/", writing.approve, name="approve"),
    path("lagret/<int:pk>/legg-bort/", writing.put_away, name="put_away"),
    path("lagret/<int:pk>/trekk/", writing.withdraw, name="withdraw"),
    path("lagret/<int:pk>/del/", sharing.share, name="share"),
    path("deling/<int:pk>/stopp/", sharing.stop, name="stop_sharing"),
    path("<slug:name>/", reading.live_page, name="live"),
    path("<slug:name>/lysark/", reading.live_slides, name="live_slides"),
    path("<slug:name>/pdf/", reading.live_pdf, name="live_pdf"),
    path("<slug:name>/regneark/", reading.live_xlsx, name="live_xlsx"),
    path("<slug:name>/begynn/", writing.begin, name="begin"),
]

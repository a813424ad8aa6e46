"""The floor: the least a Django page can do and still be the page. No forms framework, no menus, no audit view.

    python app.py migrate          gunicorn app:application

Every page authenticates a database session (2 queries) and then makes its one indexed query.
"""

import os
import sys
import urllib.parse

import django
from django.conf import settings

dsn = urllib.parse.urlparse(os.environ["BENCH_DSN"])
TEMPLATES = {
    "login": '<form method="post">{% csrf_token %}<input name="username"><input name="password"></form>',
    "base": """<!doctype html><html lang="no"><meta charset="utf-8"><title>Avvik</title>
<body><header>{{ request.user.username }}</header><main>{% block main %}{% endblock %}</main>""",
    "list": """{% extends "base" %}{% block main %}<table>{% for r in rows %}
<tr><td><a href="/report/{{ r.id }}">{{ r.title }}</a><td>{{ r.unit.name }}<td>{{ r.category.name }}
<td>{{ r.severity }}<td>{{ r.status }}<td>{{ r.created_at|date:"d.m.Y H:i" }}<td>{{ r.due|date:"d.m.Y" }}{% endfor %}
</table><a href="?before={{ last|urlencode }}">Neste</a>{% endblock %}""",
    "detail": """{% extends "base" %}{% block main %}<h1>{{ r.title }}</h1><p>{{ r.unit.name }}, {{ r.category.name }}
<p>{{ r.body }}<ul>{% for a in audit %}<li>{{ a.at|date:"d.m.Y H:i" }} {{ a.action }}{% endfor %}</ul>{% endblock %}""",
    "new": """{% extends "base" %}{% block main %}<form method="post">{% csrf_token %}<input name="title">
<textarea name="body"></textarea><input name="category"><button>Send</button></form>{% endblock %}""",
    "stats": """{% extends "base" %}{% block main %}<table>{% for month, cells in months %}<tr><th>{{ month|date:"m.Y" }}
{% for n in cells %}<td>{{ n }}{% endfor %}{% endfor %}</table>{% endblock %}""",
    "search": """{% extends "base" %}{% block main %}{% for id, title, extract in hits %}
<h2><a href="/doc/{{ id }}">{{ title }}</a></h2><p>{{ extract }}{% endfor %}{% endblock %}""",
}
settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    TIME_ZONE="Europe/Oslo",
    LANGUAGE_CODE="nb",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    LOGIN_REDIRECT_URL="/inbox",
    LOGIN_URL="/login/",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": ["django.template.context_processors.request"],
                "loaders": [
                    ("django.template.loaders.cached.Loader", [("django.template.loaders.locmem.Loader", TEMPLATES)])
                ],
            },
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": dsn.path[1:],
            "USER": dsn.username,
            "HOST": dsn.hostname,
            "PORT": dsn.port,
            "CONN_MAX_AGE": None,
        }
    },
)
django.setup()

from django.contrib.auth.decorators import login_required  # noqa: E402
from django.contrib.auth.views import LoginView  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.http import StreamingHttpResponse  # noqa: E402
from django.shortcuts import redirect, render  # noqa: E402
from django.urls import path  # noqa: E402


def table(name, /, **fields):
    meta = type("Meta", (), {"app_label": "floor", "db_table": name, "managed": False})
    return type(name.title(), (models.Model,), {"__module__": __name__, "Meta": meta, **fields})


def to(model):
    return models.ForeignKey(model, models.CASCADE, related_name="+")


Node = table("node", name=models.TextField())
Category = table("category", name=models.TextField())
Report = table(
    "report",
    id=models.BigAutoField(primary_key=True),
    unit=to(Node),
    category=to(Category),
    dept_id=models.IntegerField(),
    division_id=models.IntegerField(),
    severity=models.SmallIntegerField(),
    status=models.SmallIntegerField(),
    created_at=models.DateTimeField(auto_now_add=True),
    due=models.DateField(null=True),
    reporter_id=models.IntegerField(),
    title=models.TextField(),
    body=models.TextField(),
)
Audit = table(
    "audit",
    id=models.BigAutoField(primary_key=True),
    report=to(Report),
    user_id=models.IntegerField(),
    at=models.DateTimeField(auto_now_add=True),
    action=models.TextField(),
    data=models.JSONField(default=dict),
)

DIVISION, DEPT = 2, 12  # what the user leads: the first division and its first department
VISIBLE = [1, DIVISION] + list(range(12, 22))
LIST = Report.objects.select_related("unit", "category").defer("body").order_by("-created_at", "-id")


def listing(request, rows):
    rows = list(rows[:25])
    last = f"{rows[-1].created_at.isoformat()},{rows[-1].id}" if rows else ""
    return render(request, "list", {"rows": rows, "last": last})


@login_required
def inbox(request):  # the leader's open reports, newest first
    return listing(request, LIST.filter(dept_id=DEPT, status__lt=3))


@login_required
def filtered(request):  # every report of one category, whatever its status
    return listing(request, LIST.filter(dept_id=DEPT, category_id=int(request.GET.get("category", 3))))


@login_required
def deep(request):  # a page far down the whole division's list, by keyset
    before = request.GET.get("before", "2024-05-01T00:00:00+00:00,0").split(",")
    return listing(request, LIST.filter(division_id=DIVISION, created_at__lte=before[0]))


@login_required
def detail(request, pk):
    report = Report.objects.select_related("unit", "category").get(pk=pk)
    return render(request, "detail", {"r": report, "audit": Audit.objects.filter(report_id=pk)})


@login_required
def new(request):  # one report row and one audit row in one transaction
    if request.method == "GET":
        return render(request, "new")
    with transaction.atomic():
        report = Report.objects.create(
            unit_id=1111,
            dept_id=111,
            division_id=11,
            category_id=int(request.POST["category"]),
            severity=2,
            status=0,
            reporter_id=request.user.id,
            title=request.POST["title"],
            body=request.POST["body"],
        )
        Audit.objects.create(report=report, user_id=request.user.id, action="created")
    return redirect(f"/report/{report.id}")


@login_required
def handle(request, pk):  # the leader moves a report on: one row changed, one audit row added
    with transaction.atomic():
        Report.objects.filter(pk=pk).update(status=int(request.POST["status"]))
        Audit.objects.create(
            report_id=pk, user_id=request.user.id, action="status", data={"note": request.POST["note"]}
        )
    return redirect(f"/report/{pk}")


def query(sql, *args):
    with connection.cursor() as cur:
        cur.execute(sql, args)
        return cur.fetchall()


@login_required
def stats(request):  # two years of monthly counts per category for the division, from the rollup
    months = {}
    request.user.username
    for month, category, n in query(
        "SELECT month, category_id, n FROM stat_month WHERE node_id = %s AND month >= '2024-11-01' ORDER BY month",
        DIVISION,
    ):
        months.setdefault(month, [0] * 12)[category - 1] = n
    return render(request, "stats", {"months": months.items()})


SEARCH = """SELECT id, title, ts_headline('norwegian', body, q) FROM (
  SELECT id, title, body, q, ts_rank(tsv, q) r FROM document, websearch_to_tsquery('norwegian', %s) q
  WHERE tsv @@ q AND node_id = ANY(%s) ORDER BY r DESC, id LIMIT 20) x ORDER BY r DESC, id"""


@login_required
def search(request):
    request.user.username
    return render(request, "search", {"hits": query(SEARCH, request.GET["q"], VISIBLE)})


@login_required
def export(request):  # 100,000 rows, PostgreSQL writes the CSV and Django passes it on
    request.user.username
    rows = int(request.GET.get("rows", 100_000))

    def chunks():
        with (
            connection.cursor() as cur,
            cur.copy(f"COPY ({EXPORT.format(rows)}) TO STDOUT (FORMAT csv, HEADER)") as copy,
        ):
            yield from copy

    return StreamingHttpResponse(chunks(), content_type="text/csv")


EXPORT = """SELECT r.id, r.created_at, u.name unit, c.name category, severity, status, due, reporter_id, title, body
  FROM report r JOIN node u ON u.id = unit_id JOIN category c ON c.id = category_id
  WHERE division_id = 2 ORDER BY created_at DESC LIMIT {}"""

urlpatterns = [
    path("login/", LoginView.as_view(template_name="login")),
    path("inbox", inbox),
    path("filtered", filtered),
    path("deep", deep),
    path("report/<int:pk>", detail),
    path("report/<int:pk>/handle", handle),
    path("new", new),
    path("stats", stats),
    path("search", search),
    path("export.csv", export),
]
application = get_wsgi_application()

if __name__ == "__main__":
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command(*sys.argv[1:])
    if sys.argv[1] == "migrate" and not User.objects.exists():
        User.objects.create_user("leader", password="bench")

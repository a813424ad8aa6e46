# Style sheets, fonts and icons from npm, pinned by frontend/package-lock.json.
FROM node:22-bookworm-slim AS assets
RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY frontend frontend
COPY scripts scripts
RUN python3 scripts/frontend.py

# Packages, translations and static files, ready to be copied.
FROM python:3.11-slim-bookworm AS build
ENV PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements/prod.txt /tmp/prod.txt
RUN /venv/bin/pip install --require-hashes --no-deps --only-binary :all: -r /tmp/prod.txt
WORKDIR /app
COPY . .
COPY --from=assets /app/static_vendor static_vendor
RUN /venv/bin/python -m scripts.compile_messages \
    && SECRET_KEY=only-for-this-step-and-long-enough-to-be-let-through-01 \
       JOURNAL_KEY=only-for-this-step-and-long-enough-to-be-let-through-02 \
       SITE_URL=https://nowhere.example DATABASE_URL=postgres://nobody@nowhere/nothing EMAIL_URL=filemail: \
       STATIC_ROOT=/app/staticfiles /venv/bin/python manage.py collectstatic --noinput \
    && rm -rf frontend requirements tests docs static_vendor \
    && /venv/bin/python -m compileall -q kvalitetslosen documents deviations improvement

FROM python:3.11-slim-bookworm
# What paper copies are printed with, and a font for the signs Inter doesn't have.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin losen \
    && install -d -o losen -g losen -m 700 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=kvalitetslosen.settings DATA_DIR=/data
WORKDIR /app
USER losen
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# WEB_CONCURRENCY sets the number of workers. They are replaced now and then, so that no leak grows for weeks.
CMD ["gunicorn", "kvalitetslosen.wsgi", "--bind", "0.0.0.0:8000", "--threads", "2", "--preload", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--max-requests", "5000", "--max-requests-jitter", "500"]

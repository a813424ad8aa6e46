"""KvalitetsLosen: quality management for Norwegian municipalities. The platform that the modules stand on."""

from kvalitetslosen.celery import app as celery_app

__all__ = ["celery_app"]

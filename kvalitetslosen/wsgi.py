"""The web server's way in."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kvalitetslosen.settings")

application = get_wsgi_application()

# Import every view now: an error in one stops the start instead of the first visitor, and forked processes share
# the memory. What lives that long anyway need not be looked at by each garbage collection.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()

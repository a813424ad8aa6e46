"""The product's own settings for a worker under test, with rounds every second instead of every minute."""

import os

from kvalitetslosen.settings import *  # noqa: F403

CELERY_BEAT_SCHEDULE_FILENAME = os.environ["BEAT_FILE"]
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "notifications.sweep", "schedule": 1.0},
    "send": {"task": "notifications.send_due_mail", "schedule": 1.0},
}
CELERY_BEAT_MAX_LOOP_INTERVAL = 1

"""The Celery application: messages say "look for work" and carry no data."""

import logging
import os
from collections.abc import Mapping
from functools import partial

from celery import Celery
from django.db import transaction
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

app = Celery("upcurrent")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

log = logging.getLogger(__name__)

# By name: the marketplace knows nothing of trends.
FOLLOW_TAXONOMY = "trends.tasks.follow_taxonomy"
# Seconds a page waits for a broker that does not answer.
PATIENCE = 2


def send_soon(task: str) -> None:
    """Ask a worker to look for work after the transaction commits; the clock will ask, too.

    So a broker that is down, or slow, breaks no page.
    """
    transaction.on_commit(partial(send, task))


def send(task: str, *, headers: Mapping[str, int] | None = None) -> bool:
    """Ask a worker to look for work; False where there is no broker to ask."""
    waits = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE, "max_retries": 0}
    try:
        with app.connection_for_write(transport_options=waits) as broker:
            app.send_task(task, connection=broker, retry=False, headers=headers)
    except OperationalError:
        log.warning("no broker to ask for %s; the clock will", task, exc_info=True)
        return False
    return True


# After the transaction commits, ask a worker to follow at once; else the clock does in a minute.
follow_soon = partial(send_soon, FOLLOW_TAXONOMY)

"""The jobs about addresses: those that were not checked are, and a geocoder is asked where one is set up
(W-1, W-20).
"""

import logging
import time

from backoffice_app.domain.core.errors import NotFound
from backoffice_app.domain.core.jobs import job
from backoffice_app.domain.orders import geocoding, recheck
from backoffice_app.gateways.geocoder import NoAnswer, geocoder_of
from backoffice_app.settings import settings
from backoffice_app.worker.patience import patiently

log = logging.getLogger("kontor.places")
BETWEEN = 1.0
"""Seconds between two questions: what public geocoders ask for."""
TRIES = 3


@job(recheck.JOB)
def check_addresses() -> None:
    """Run twice, or begun again after a crash, it checks each open order once: those that are checked are
    left alone.
    """
    patiently(recheck.check_open_orders, "The addresses of open orders could not all be checked")


@job(geocoding.JOB)
def geocode(order_id: int) -> None:
    """Asks for the addresses of an order that were not asked for yet.

    A geocoder that does not answer is left alone after some tries.
    """
    if not settings().geocoder:
        return
    geocoder = geocoder_of(settings().geocoder, settings().geocoder_seconds)
    try:
        questions = geocoding.open_questions(order_id)
    except NotFound:
        return
    for question in questions:
        for attempt in range(TRIES):
            try:
                found = geocoder.find(geocoding.lines_of(question), question.country)
            except NoAnswer as no:
                log.warning("The geocoder did not say where an address of order %s is. %s", order_id, no)
                time.sleep(BETWEEN * (attempt + 1))
                continue
            geocoding.keep(question, found)
            time.sleep(BETWEEN)
            break

"""Logs of the server: English, one line an event, to the terminal and into the data folder (five files of 5 MB)."""

import logging
from logging.handlers import RotatingFileHandler

import structlog

from backoffice_app.settings import settings

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def start() -> None:
    """From now on warnings of all, and what Kontor itself notes, are in `logs/kontor.log` and on the terminal."""
    folder = settings().data_dir / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    to_file = RotatingFileHandler(folder / "kontor.log", maxBytes=5_000_000, backupCount=4, encoding="utf-8")
    logging.basicConfig(level=logging.WARNING, format=FORMAT, handlers=[to_file, logging.StreamHandler()], force=True)
    for ours in ("kontor", "backoffice_app"):
        logging.getLogger(ours).setLevel(logging.INFO)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.processors.format_exc_info,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )

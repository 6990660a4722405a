"""The worker: jobs that survive, run by DBOS in the application's own database."""

from backoffice_app.worker.process import Worker, start_in_web, stop_in_web

__all__ = ["Worker", "start_in_web", "stop_in_web"]

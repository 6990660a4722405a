"""What a list shows on all its pages, as CSV or XLSX, and the papers of one page of it in one PDF (O-5).

Both take the parameters of the list's own address, so a file never has other rows than the list (E7).
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack
from enum import StrEnum
from functools import partial
from tempfile import TemporaryFile
from typing import IO

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from sqlmodel import Session
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from backoffice_app import printing
from backoffice_app.api.documents import judge, show
from backoffice_app.api.door import read_form
from backoffice_app.db import reading
from backoffice_app.domain.bulk.views import lines_file, of_actor, orders_file, results_file
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.csv_text import as_csv
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.core.xlsx_file import write_xlsx
from backoffice_app.domain.listing.customers import customers_file
from backoffice_app.domain.listing.invoices import ids_of_page, invoices_file
from backoffice_app.domain.listing.mails import outbox_file
from backoffice_app.domain.listing.money_files import payments_file, vat_file
from backoffice_app.domain.listing.products import products_file
from backoffice_app.domain.listing.shipments import numbers_of_page, shipments_file
from backoffice_app.domain.returns.queries import returns_file
from backoffice_app.domain.tasks.queries import tasks_file
from backoffice_app.domain.tickets.queries import tickets_file
from backoffice_app.marks import needs

PIECE = 64 * 1024
"""So many bytes of a spreadsheet are sent at once."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Rows = Callable[[Session, Mapping[str, object], Actor], Iterator[list[object]]]
router = APIRouter(include_in_schema=False)


class FileKind(StrEnum):
    """What a list is saved as."""

    CSV = "csv"
    XLSX = "xlsx"


def _offer(name: str, right: Right, rows: Rows) -> None:
    """What the list at `/<name>` shows on all its pages, as `/<name>.csv` and `/<name>.xlsx`, for who has `right`."""
    for kind in FileKind:
        router.get(f"/{name}.{kind}", name=f"{name}_{kind}")(needs(right)(_export(name, right, rows, kind)))


def _export(name: str, right: Right, rows: Rows, kind: FileKind) -> Callable[[Request], Awaitable[Response]]:
    async def export(request: Request) -> Response:
        """The file of what the list shows; a refusal for who has not this right."""
        actor = await run_in_threadpool(judge, request, right, None)
        if isinstance(actor, Response):
            return actor
        parameters = dict(request.query_params)
        return await _file(lambda session: rows(session, parameters, actor), name, kind, actor.language)

    return export


_offer("invoices", Right.PRICES, invoices_file)
_offer("invoices-vat", Right.PRICES, vat_file)
_offer("payments", Right.PRICES, payments_file)
_offer("shipments", Right.READ, shipments_file)
_offer("returns", Right.READ, returns_file)
_offer("products", Right.READ, products_file)
_offer("tasks", Right.READ, tasks_file)
_offer("tickets", Right.TICKETS, tickets_file)
_offer("outbox", Right.MAIL, outbox_file)
_offer("customers", Right.READ, customers_file)


@router.get("/invoices.pdf")
@needs(Right.PRICES)
async def invoices_pdf(request: Request) -> Response:
    """The documents of one page of the list in one file, in its order."""
    return await show(
        request,
        Right.PRICES,
        lambda actor: printing.find_listed_invoices(actor, _listed(request, ids_of_page, actor)),
    )


@router.post("/invoices.pdf")
@needs(Right.PRICES)
async def print_invoices(request: Request) -> Response:
    """Their orders count as printed; on to the file (O-3)."""
    return await _print(
        request,
        Right.PRICES,
        lambda actor: printing.print_listed_invoices(actor, _listed(request, ids_of_page, actor)),
    )


@router.get("/shipments.pdf")
@needs(Right.READ)
async def shipments_pdf(request: Request) -> Response:
    """The packing slips of one page of the list in one file, in its order."""
    return await show(
        request,
        Right.READ,
        lambda actor: printing.find_listed_slips(actor, _listed(request, numbers_of_page, actor)),
    )


@router.post("/shipments.pdf")
@needs(Right.READ)
async def print_shipments(request: Request) -> Response:
    """Their orders count as printed; on to the file (O-3)."""
    return await _print(
        request,
        Right.READ,
        lambda actor: printing.print_listed_slips(actor, _listed(request, numbers_of_page, actor)),
    )


@router.get("/bulk/{run}/results.{kind}")
@needs(Right.READ)
async def bulk_results(request: Request, run: int, kind: FileKind) -> Response:
    """What became of each order of a bulk run, for who began it (O-5)."""
    return await _export_run(request, run, results_file, f"bulk-{run}", kind)


@router.get("/bulk/{run}/orders.{kind}")
@needs(Right.READ)
async def bulk_orders(request: Request, run: int, kind: FileKind) -> Response:
    """The orders that were chosen, with amounts for who may see them (O-5)."""
    return await _export_run(request, run, orders_file, "orders", kind)


@router.get("/bulk/{run}/lines.{kind}")
@needs(Right.READ)
async def bulk_lines(request: Request, run: int, kind: FileKind) -> Response:
    """The lines of the orders that were chosen, with prices for who may see them."""
    return await _export_run(request, run, lines_file, "lines", kind)


@router.get("/bulk/{run}.pdf")
@needs(Right.READ)
async def bulk_pdf(request: Request, run: int) -> Response:
    """The invoices or packing slips of a bulk run in one file, in the order of the list (O-5)."""
    return await show(request, Right.READ, lambda actor: printing.find_run(actor, run))


async def _export_run(
    request: Request,
    run: int,
    rows: Callable[[Session, int, Actor], Iterator[list[object]]],
    name: str,
    kind: FileKind,
) -> Response:
    """The file of a bulk run; 404 for one of somebody else, before a byte is sent."""
    actor = await run_in_threadpool(judge, request, Right.READ, None)
    if isinstance(actor, Response):
        return actor
    await run_in_threadpool(_require_own, run, actor)
    return await _file(lambda session: rows(session, run, actor), name, kind, actor.language)


def _require_own(run: int, actor: Actor) -> None:
    with reading() as session:
        of_actor(session, run, actor)


async def _file(
    rows: Callable[[Session], Iterator[list[object]]], name: str, kind: FileKind, language: str
) -> Response:
    """The file to be saved, named with the day; neither kind holds a long list in memory (P-17).

    `language`: of the spreadsheet that is to open it, which is the reader's.
    """
    today = await run_in_threadpool(_today)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{today}.{kind.value}"',
        "Cache-Control": "private, no-store",
    }
    if kind is FileKind.CSV:
        return StreamingResponse(_lines(rows, language), 200, headers, "text/csv; charset=utf-8")
    book = await run_in_threadpool(_book, rows)
    close = BackgroundTask(book.close)
    return StreamingResponse(iter(partial(book.read, PIECE), b""), 200, headers, XLSX, background=close)


def _lines(rows: Callable[[Session], Iterator[list[object]]], language: str) -> Iterator[str]:
    """The CSV, sent while it is read."""
    with reading() as session:
        yield from as_csv(rows(session), load_shop(session).regional.zone, language)


def _book(rows: Callable[[Session], Iterator[list[object]]]) -> IO[bytes]:
    """The spreadsheet in a file of its own that is gone when it is closed: its parts are known at the end only."""
    with ExitStack() as unless_made:
        file = unless_made.enter_context(TemporaryFile())
        with reading() as session:
            write_xlsx(rows(session), file, load_shop(session).regional.zone)
        file.seek(0)
        unless_made.pop_all()
        return file


async def _print(request: Request, right: Right, do: Callable[[Actor], None]) -> Response:
    """Done, and on to the file of the same address; 403 for a page of another site."""
    await read_form(request)
    actor = await run_in_threadpool(judge, request, right, None)
    if isinstance(actor, Response):
        return actor
    await run_in_threadpool(partial(do, actor))
    query = request.url.query
    return RedirectResponse(
        request.scope["path"] + (f"?{query}" if query else ""), 303, {"Cache-Control": "no-store"}
    )


def _listed(
    request: Request, read: Callable[[Session, Mapping[str, object], Actor], list[str]], actor: Actor
) -> list[str]:
    with reading() as session:
        return read(session, dict(request.query_params), actor)


def _today() -> str:
    with reading() as session:
        return clock.today(load_shop(session).regional.zone).isoformat()

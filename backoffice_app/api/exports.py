"""What a list shows on all its pages, as a CSV file; and the papers of one page of it in one PDF (O-5).

Both take the parameters of the list's own address, so a file never has other rows than the list (E7).
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from backoffice_app import printing
from backoffice_app.api.documents import judge, show
from backoffice_app.api.door import read_form
from backoffice_app.db import reading
from backoffice_app.domain.bulk.views import of_actor, orders_file, results_file
from backoffice_app.domain.core import clock
from backoffice_app.domain.core.csv_text import as_csv
from backoffice_app.domain.core.rights import Actor, Right
from backoffice_app.domain.core.shop import load_shop
from backoffice_app.domain.listing.customers import customers_file
from backoffice_app.domain.listing.invoices import ids_of_page, invoices_file
from backoffice_app.domain.listing.money_files import payments_file, vat_file
from backoffice_app.domain.listing.products import products_file
from backoffice_app.domain.listing.shipments import numbers_of_page, shipments_file
from backoffice_app.domain.returns.queries import returns_file
from backoffice_app.domain.tasks.queries import tasks_file
from backoffice_app.domain.tickets.queries import tickets_file
from backoffice_app.marks import needs

Rows = Callable[[Session, Mapping[str, object], Actor], Iterator[list[object]]]
router = APIRouter(include_in_schema=False)


@router.get("/invoices.csv")
@needs(Right.PRICES)
async def invoices_csv(request: Request) -> Response:
    """All documents that the list shows."""
    return await _export(request, Right.PRICES, invoices_file, "invoices")


@router.get("/invoices-vat.csv")
@needs(Right.PRICES)
async def invoices_vat_csv(request: Request) -> Response:
    """The documents that the list shows, a row for each VAT rate."""
    return await _export(request, Right.PRICES, vat_file, "invoices-vat")


@router.get("/payments.csv")
@needs(Right.PRICES)
async def payments_csv(request: Request) -> Response:
    """The payments and refunds of the days that the list of invoices shows."""
    return await _export(request, Right.PRICES, payments_file, "payments")


@router.get("/shipments.csv")
@needs(Right.READ)
async def shipments_csv(request: Request) -> Response:
    """All shipments that the list shows."""
    return await _export(request, Right.READ, shipments_file, "shipments")


@router.get("/returns.csv")
@needs(Right.READ)
async def returns_csv(request: Request) -> Response:
    """All returns that the list shows, with amounts for who may see them."""
    return await _export(request, Right.READ, returns_file, "returns")


@router.get("/products.csv")
@needs(Right.READ)
async def products_csv(request: Request) -> Response:
    """All products that the list shows, with prices for who may see them."""
    return await _export(request, Right.READ, products_file, "products")


@router.get("/tasks.csv")
@needs(Right.READ)
async def tasks_csv(request: Request) -> Response:
    """All tasks that the list shows."""
    return await _export(request, Right.READ, tasks_file, "tasks")


@router.get("/tickets.csv")
@needs(Right.TICKETS)
async def tickets_csv(request: Request) -> Response:
    """All tickets that the list shows."""
    return await _export(request, Right.TICKETS, tickets_file, "tickets")


@router.get("/customers.csv")
@needs(Right.READ)
async def customers_csv(request: Request) -> Response:
    """All customers that the list shows, with sums for who may see them."""
    return await _export(request, Right.READ, customers_file, "customers")


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


@router.get("/bulk/{run}/results.csv")
@needs(Right.READ)
async def bulk_results_csv(request: Request, run: int) -> Response:
    """What became of each order of a bulk run, for who began it (O-5)."""
    return await _export_run(request, run, results_file, f"bulk-{run}")


@router.get("/bulk/{run}/orders.csv")
@needs(Right.READ)
async def bulk_orders_csv(request: Request, run: int) -> Response:
    """The orders that were chosen, with amounts for who may see them (O-5)."""
    return await _export_run(request, run, orders_file, "orders")


@router.get("/bulk/{run}.pdf")
@needs(Right.READ)
async def bulk_pdf(request: Request, run: int) -> Response:
    """The invoices or packing slips of a bulk run in one file, in the order of the list (O-5)."""
    return await show(request, Right.READ, lambda actor: printing.find_run(actor, run))


async def _export_run(
    request: Request, run: int, rows: Callable[[Session, int, Actor], Iterator[list[object]]], name: str
) -> Response:
    """The file of a bulk run; 404 for one of somebody else, before a byte is sent."""
    actor = await run_in_threadpool(judge, request, Right.READ, None)
    if isinstance(actor, Response):
        return actor
    await run_in_threadpool(_require_own, run, actor)
    return await _sent_in_pieces(lambda session: rows(session, run, actor), name, actor.language)


def _require_own(run: int, actor: Actor) -> None:
    with reading() as session:
        of_actor(session, run, actor)


async def _export(request: Request, right: Right, rows: Rows, name: str) -> Response:
    """The file of what a list shows; a refusal for who has not this right."""
    actor = await run_in_threadpool(judge, request, right, None)
    if isinstance(actor, Response):
        return actor
    parameters = dict(request.query_params)
    return await _sent_in_pieces(lambda session: rows(session, parameters, actor), name, actor.language)


async def _sent_in_pieces(
    rows: Callable[[Session], Iterator[list[object]]], name: str, language: str
) -> Response:
    """The file, read and sent piece by piece, so that a long list needs no more memory than a short one (P-17).

    `language`: of the spreadsheet that is to open it, which is the reader's.
    """

    def pieces() -> Iterator[str]:
        with reading() as session:
            zone = load_shop(session).regional.zone
            yield from as_csv(rows(session), zone, language)

    today = await run_in_threadpool(_today)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{today}.csv"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(pieces(), media_type="text/csv; charset=utf-8", headers=headers)


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

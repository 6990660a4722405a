"""Customers and custom statuses over the API: read, and acted on as everywhere (API-1, W-7, W-8)."""

from callers import client
from customer_records import another, of
from databases import OWNER, TestShop

from backoffice_app.domain.custom_status.manage import LIST as STATUSES

CUSTOMERS = "/api/v1/customers"


def test_api1_customers_are_read_edited_and_merged(shop: TestShop) -> None:
    ada, bo = of(shop.order()), of(another(shop))
    api = client("orders:read edit")
    page = api.get(CUSTOMERS, params={"limit": 1}).json()
    assert [one["number"] for one in page["customers"]] == [bo.number]
    following = api.get(CUSTOMERS, params={"after": page["next"]}).json()
    assert [one["number"] for one in following["customers"]] == [ada.number]
    assert following["next"] is None
    assert [
        one["number"]
        for one in api.get(CUSTOMERS, params={"email": "ADA.kovac@example.com"}).json()["customers"]
    ] == [ada.number]
    one = api.get(f"{CUSTOMERS}/{ada.number}").json()
    assert (one["orders"], one["totals"], one["merged_into"], one["own_fields"]) == (
        1,
        {"EUR": "44.80"},
        None,
        {},
    )

    keys = [action["key"] for action in api.get(f"{CUSTOMERS}/{ada.number}/actions").json()]
    assert keys == [
        "edit-customer",
        "warn-customer",
        "customer-mails-off",
        "customer-mails-on",
        "merge-customer",
    ]
    done = api.post(
        f"{CUSTOMERS}/{ada.number}/actions/edit-customer", json={"own_fields": {"Card": "1"}, "phone": None}
    )
    assert (done.status_code, done.json()["changed"]) == (200, True)
    assert api.get(f"{CUSTOMERS}/{ada.number}").json()["own_fields"] == {"Card": "1"}
    stale = api.post(
        f"{CUSTOMERS}/{ada.number}/actions/edit-customer",
        json={"phone": "1"},
        headers={"If-Match": one["version"]},
    )
    assert stale.status_code == 412
    wrong = api.post(f"{CUSTOMERS}/{ada.number}/actions/edit-customer", json={"email": "none"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "email")
    tried = api.post(
        f"{CUSTOMERS}/{ada.number}/actions/merge-customer?preview=1", json={"into": bo.number}
    ).json()
    assert tried["message"].startswith(f"Ada Kovač ({ada.number}) is merged into {bo.number}.")
    assert api.get(f"{CUSTOMERS}/{ada.number}").json()["merged_into"] is None
    assert (
        api.post(f"{CUSTOMERS}/{ada.number}/actions/merge-customer", json={"into": bo.number}).status_code
        == 200
    )
    assert api.get(f"{CUSTOMERS}/{ada.number}").json()["merged_into"] == bo.number
    assert api.get(f"{CUSTOMERS}/{bo.number}").json()["orders"] == 2
    again = api.post(f"{CUSTOMERS}/{ada.number}/actions/merge-customer", json={"into": bo.number})
    assert (again.status_code, again.json()["detail"]) == (409, "This customer was merged into another one.")


def test_sec2_a_key_that_may_only_write_orders_finds_no_customer(small_shop: TestShop) -> None:
    ada = of(small_shop.order())
    api = client("orders:write")
    assert api.get(CUSTOMERS).json() == {"customers": [], "next": None}
    assert api.get(f"{CUSTOMERS}/{ada.number}").status_code == 404
    assert (
        api.post(f"{CUSTOMERS}/{ada.number}/actions/warn-customer", json={"warning": "x"}).status_code == 403
    )
    assert client("").get(CUSTOMERS).status_code == 401


def test_w7_the_api_sets_a_status_and_says_both(small_shop: TestShop) -> None:
    STATUSES.add(OWNER, {"name-en": "Being engraved", "name-de": "Wird graviert", "colour": "violet"})
    order = small_shop.order()
    api = client("orders:read edit")
    [known] = api.get("/api/v1/custom-statuses").json()
    assert known == {
        "id": known["id"],
        "names": {"en": "Being engraved", "de": "Wird graviert"},
        "colour": "violet",
    }
    for status in (known["id"], "wird graviert", int(known["id"])):
        done = api.post(f"/api/v1/orders/{order.number}/actions/set-status", json={"status": status})
        assert done.status_code == 200, done.text
    told = api.get(f"/api/v1/orders/{order.number}").json()
    assert (told["status"], told["custom_status"]) == ("awaiting_shipment", known)
    assert api.get("/api/v1/orders").json()["orders"][0]["custom_status"] == known
    assert (
        api.post(f"/api/v1/orders/{order.number}/actions/set-status", json={"status": "nonsense"}).status_code
        == 422
    )
    assert api.post(f"/api/v1/orders/{order.number}/actions/set-status", json={}).status_code == 422
    api.post(f"/api/v1/orders/{order.number}/actions/set-status", json={"status": ""})
    assert api.get(f"/api/v1/orders/{order.number}").json()["custom_status"] is None

"""Products over the API: read, added, and acted on as everywhere (API-1, STK-1)."""

from callers import client
from databases import TestShop

PRODUCTS = "/api/v1/products"
MUG = {"sku": "MUG-9", "name": "Becher", "price": "19.95", "vat_rate": "19", "on_hand": "10", "low_at": "2"}


def test_api1_products_are_added_read_and_changed(shop: TestShop) -> None:
    api = client("orders:read edit ship")
    made = api.post(PRODUCTS, json=MUG)
    assert (made.status_code, made.headers["location"]) == (201, f"{PRODUCTS}/MUG-9")
    one = made.json()
    assert {name: one[name] for name in MUG} == MUG
    assert (one["currency"], one["reserved"], one["free"], one["retired_at"]) == ("EUR", "0", "10", None)
    assert api.get(f"{PRODUCTS}/MUG-9").json() == one

    api.post(PRODUCTS, json={"sku": "CLOTH", "name": "Stoff", "unit": "m"})
    page = api.get(PRODUCTS, params={"limit": 1}).json()
    assert [product["sku"] for product in page["products"]] == ["CLOTH"]
    assert [(p["on_hand"], p["free"], p["low_at"], p["price"]) for p in page["products"]] == [
        (None, None, None, "0.00")
    ]
    following = api.get(PRODUCTS, params={"after": page["next"]}).json()
    assert ([product["sku"] for product in following["products"]], following["next"]) == (["MUG-9"], None)

    counted = api.post(
        f"{PRODUCTS}/MUG-9/actions/count-stock", json={"on_hand": "7"}, headers={"If-Match": one["version"]}
    )
    assert counted.status_code == 200, counted.text
    assert api.get(f"{PRODUCTS}/MUG-9").json()["on_hand"] == "7"
    assert api.post(f"{PRODUCTS}/MUG-9/actions/edit-product", json={"price": "21"}).status_code == 200
    stale = api.post(
        f"{PRODUCTS}/MUG-9/actions/edit-product", json={"price": "22"}, headers={"If-Match": one["version"]}
    )
    assert (stale.status_code, api.get(f"{PRODUCTS}/MUG-9").json()["price"]) == (412, "21.00")


def test_api1_a_sku_of_any_letters_has_an_address(small_shop: TestShop) -> None:
    made = client("orders:read edit").post(PRODUCTS, json=MUG | {"sku": "杯 Ü-9"})
    assert (made.status_code, made.headers["location"]) == (201, f"{PRODUCTS}/%E6%9D%AF%20%C3%9C-9")
    assert client("orders:read").get(made.headers["location"]).json()["sku"] == "杯 Ü-9"


def test_api1_what_is_wrong_with_a_product_is_named(small_shop: TestShop) -> None:
    api = client("orders:read edit")
    assert api.post(PRODUCTS, json=MUG).status_code == 201
    for sent, field in (
        (MUG, "sku"),
        ({"sku": "X"}, "name"),
        (MUG | {"sku": "X", "price": "a lot"}, "price"),
        (MUG | {"evil": 1}, "evil"),
    ):
        wrong = api.post(PRODUCTS, json=sent)
        assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, field), wrong.text
    assert api.get(f"{PRODUCTS}/none").status_code == 404
    assert [
        api.get(PRODUCTS, params=sent).status_code for sent in ({"limit": 0}, {"limit": 201}, {"after": "x"})
    ] == [422] * 3


def test_sec2_products_are_for_keys_that_may(small_shop: TestShop) -> None:
    assert client("orders:read edit").post(PRODUCTS, json=MUG).status_code == 201
    assert client("").get(PRODUCTS).status_code == 401
    sender = client("orders:write")
    assert sender.get(PRODUCTS).json() == {"products": [], "next": None}
    assert sender.get(f"{PRODUCTS}/MUG-9").status_code == 404
    assert client("orders:read").post(PRODUCTS, json=MUG | {"sku": "B"}).status_code == 403

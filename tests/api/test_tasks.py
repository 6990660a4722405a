"""`/api/v1/tasks`: tasks of programs and colleagues alike (API-1, W-9)."""

import pytest
from callers import client
from databases import TestShop

TASKS = "/api/v1/tasks"


def test_api1_w9_a_program_gives_reads_and_finishes_tasks(small_shop: TestShop) -> None:
    order, program = small_shop.order(), client("tasks orders:read")
    of_order = program.post(
        f"/api/v1/orders/{order.number}/actions/add-task",
        json={"title": "Call", "date": "2026-12-01", "time": "14:30"},
    )
    assert of_order.status_code == 200, of_order.text
    [id_] = of_order.json()["tasks"]
    made = program.post(TASKS, json={"title": "Order boxes", "priority": "high"})
    assert made.status_code == 201
    assert made.headers["location"] == f"/api/v1/tasks/{made.json()['id']}"
    first = program.get(f"{TASKS}/{id_}").json()
    assert (first["order"], first["date"], first["time"], first["status"], first["created_by"]) == (
        order.number,
        "2026-12-01",
        "14:30",
        "to_do",
        "A shop",
    )
    whole = program.get(TASKS, params={"limit": 1}).json()
    assert [one["title"] for one in whole["tasks"]] == ["Order boxes"]
    assert [one["title"] for one in program.get(TASKS, params={"after": whole["next"]}).json()["tasks"]] == [
        "Call"
    ]
    offered = {one["key"]: one["may"] for one in program.get(f"{TASKS}/{id_}/actions").json()}
    assert offered == {"task-done": True, "task-reopen": True, "task-edit": True, "task-delete": True}
    assert program.post(f"{TASKS}/{id_}/actions/task-done", json={}).json()["changed"] is True
    assert program.post(f"{TASKS}/{id_}/actions/task-done", json={}).json()["changed"] is False
    assert [one["title"] for one in program.get(TASKS, params={"open": 1}).json()["tasks"]] == ["Order boxes"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": "x", "time": "12:00"}, "date"),
        ({"title": "x", "assignee": "me"}, "assignee"),
    ],
)
def test_api1_w9_what_is_wrong_is_named(body: dict[str, str], field: str, small_shop: TestShop) -> None:
    answer = client("tasks").post(TASKS, json=body)
    assert answer.status_code == 422
    assert field in answer.text


def test_sec2_w9_a_key_without_the_scope_sees_no_task(small_shop: TestShop) -> None:
    order = small_shop.order()
    program = client("orders:read")
    assert program.get(TASKS).status_code == 403
    assert (
        program.post(f"/api/v1/orders/{order.number}/actions/add-task", json={"title": "Call"}).status_code
        == 403
    )
    assert (
        program.post(f"/api/v1/orders/{order.number}/actions/add-note", json={"note": "x"}).status_code == 403
    )
    assert client("tasks").get(f"{TASKS}/1").status_code == 404
    assert client("tasks orders:read").get(f"{TASKS}/99").status_code == 404


def test_api1_w11_a_program_writes_a_note_and_attaches_a_file(small_shop: TestShop) -> None:
    order, program = small_shop.order(), client("tasks orders:read")
    at = f"/api/v1/orders/{order.number}/actions"
    assert program.post(f"{at}/add-note", json={"note": "From the shop"}).json()["notes"]
    assert program.post(f"{at}/tag", json={"tag": "vip"}).json()["changed"]
    assert program.post(f"{at}/attach-file", json={"name": "a.txt", "content": "aGVsbG8="}).json()["files"]
    assert (
        program.post(f"{at}/attach-file", json={"name": "a.txt", "content": "no base64!"}).status_code == 422
    )
    now = small_shop.load(order.id or 0)
    assert (now.note_count, now.file_count, now.tags) == (1, 1, "vip")

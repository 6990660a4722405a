"""A mail opens as it was sent and can do nothing; files of the shop come in and go out by routes of their own (M-1,
M-5, SEC-2).
"""

from callers import colleague
from databases import OWNER, TestShop
from pictures import picture
from sqlmodel import select

from backoffice_app import db
from backoffice_app.domain.core.rights import Role
from backoffice_app.domain.core.work import work
from backoffice_app.domain.mail import kinds as mail_kinds
from backoffice_app.domain.mail import write
from backoffice_app.domain.mail.shop_files import keep_file
from backoffice_app.domain.order import ORDER
from backoffice_app.models import ShopFile

OURS = {"origin": "http://testserver"}
PDF = ("AGB.pdf", b"%PDF-1.7 terms", "application/pdf")


def test_m5_a_mail_opens_as_it_was_sent_in_a_sandbox(small_shop: TestShop) -> None:
    keep_file(OWNER, "logo", "logo.png", picture())
    order = small_shop.order(billing_address={"name": "<script>alert(1)</script>", "country": "DE"})
    with work(OWNER) as w:
        mail = write(w, mail_kinds.CUSTOMER_MAIL, w.lock(ORDER, order.id or 0), about="test", message="Hallo")
        assert mail is not None
        id_ = mail.id
    browser = colleague(Role.STAFF)
    shown = browser.get(f"/mails/{id_}.html")
    assert shown.status_code == 200
    assert shown.headers["content-type"].startswith("text/html")
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("sandbox ")
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert 'src="data:image/png;base64,' in shown.text
    assert "<script" not in shown.text
    assert browser.get("/mails/999999.html").status_code == 404
    assert colleague(Role.WAREHOUSE).get(f"/mails/{id_}.html").status_code == 403


def test_sec2_files_come_in_from_the_owner_and_our_own_page_alone(small_shop: TestShop) -> None:
    del small_shop
    browser = colleague(Role.OWNER)
    for headers in ({"origin": "https://evil.test"}, {"sec-fetch-site": "cross-site"}):
        assert (
            browser.post(
                "/shop-files", data={"use": "attachment"}, files={"file": PDF}, headers=headers
            ).status_code
            == 403
        )
    staff = colleague(Role.STAFF).post(
        "/shop-files", data={"use": "attachment"}, files={"file": PDF}, headers=OURS
    )
    assert staff.status_code == 403
    with db.reading() as session:
        assert session.exec(select(ShopFile)).all() == []

    taken = browser.post(
        "/shop-files", data={"use": "attachment"}, files={"file": PDF}, headers=OURS, follow_redirects=False
    )
    assert (taken.status_code, taken.headers["location"]) == (303, "/settings/mail")
    shown = browser.get("/shop-files/1/AGB.pdf")
    assert (shown.content, shown.headers["content-type"]) == (PDF[1], "application/pdf")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert browser.get("/shop-files/2/AGB.pdf").status_code == 404

    wrong = {
        "not a pdf": ("x.pdf", b"<html>", "application/pdf"),
        "large": ("x.pdf", b"%PDF-" + b"x" * 4_000_000, "application/pdf"),
    }
    answers = {
        name: browser.post("/shop-files", data={"use": "attachment"}, files={"file": file}, headers=OURS)
        for name, file in wrong.items()
    }
    assert {name: answer.status_code for name, answer in answers.items()} == {"not a pdf": 422, "large": 413}
    assert browser.post("/shop-files", data={"use": "attachment"}, headers=OURS).status_code == 422

    read_by_a_person = OURS | {"accept": "text/html"}
    page = browser.post(
        "/shop-files", data={"use": "logo"}, files={"file": wrong["not a pdf"]}, headers=read_by_a_person
    )
    assert "The file was not taken" in page.text
    assert 'href="/settings/mail"' in page.text

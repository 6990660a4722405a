"""What a customer reads about paying where nothing is to be transferred (PAY-0)."""

from backoffice_app.documents.texts import Texts
from backoffice_app.domain.core.snapshot import DocumentSnapshot

TRANSFER = "transfer"


def how_to_pay(texts: Texts, collects: str, amount: str, method: str) -> str:
    """The sentence for an open `amount` that somebody collects; "" for a transfer, and while nobody has said who
    collects.

    `collects`: a value of `payment_methods.Collects`; `method`: the payment method's name in the language of `texts`,
    or "".
    """
    say = texts.say
    if collects == "provider" and method:
        return say(
            "You pay {amount} through {method}. Please do not transfer anything to us.",
            amount=amount,
            method=method,
        )
    sentences = {
        "provider": say(
            "You pay {amount} through your payment provider. Please do not transfer anything to us.",
            amount=amount,
        ),
        "debit": say(
            "We collect {amount} from your account by direct debit. Please do not transfer it.", amount=amount
        ),
        "courier": say(
            "You pay {amount} to the courier on delivery. Please do not transfer it.", amount=amount
        ),
        "counter": say(
            "You pay {amount} when you collect the goods. Please do not transfer it.", amount=amount
        ),
    }
    return sentences.get(collects, "")


def method_name(snapshot: DocumentSnapshot, texts: Texts) -> str:
    """The payment method in the language of `texts`, else as it stood on the order."""
    return snapshot.payment_method_names.get(texts.language) or snapshot.payment_method


def shipping_name(snapshot: DocumentSnapshot, texts: Texts) -> str:
    """The shipping method in the language of `texts`, else as it stood on the order."""
    return snapshot.shipping_method_names.get(texts.language) or snapshot.shipping_method

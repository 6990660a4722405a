"""What is stored in place of a token or key."""

import hashlib


def digest_of(secret: str) -> str:
    """The SHA-256 of a token or key. They are random, so a fast hash does."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()

"""RFC 3161 time stamps over a checkpoint: making the question, reading the answer, verifying it against the authority's CA.

Apart from the verifier on purpose: that one stays with the standard library and Ed25519, this one is loaded when asked.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.x509 import Certificate, ObjectIdentifier, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from hengjian.platform.proof.notes import unbase64

_SHA256 = ObjectIdentifier("2.16.840.1.101.3.4.2.1")


class StampError(ValueError):
    """The answer is no time stamp of this text."""


@dataclass(frozen=True, slots=True)
class Question:
    """What an authority is sent (`body`, DER), and what its answer must repeat."""

    body: bytes
    nonce: int | None


def question_about(text: str) -> Question:
    """The question for a time stamp over a checkpoint's text: its SHA-256, a nonce, and please with certificates."""
    request = TimestampRequestBuilder(data=text.encode(), hash_algorithm=HashAlgorithm.SHA256).build()
    return Question(request.as_bytes(), request.nonce)


def stamped_at(text: str, token: bytes, *, nonce: int | None = None, roots: Sequence[Certificate] = ()) -> datetime:
    """When an authority saw a checkpoint's text.

    Args:
        text: the signed text of the note.
        token: the authority's answer (TimeStampResp, DER), as `openssl ts` reads it too.
        nonce: which the answer must repeat, for whoever asked.
        roots: the authority's CA certificates; without any, whose signature it is stays unchecked.

    Raises:
        StampError: refused by the authority, about another text, or not signed under these roots.
    """
    try:
        answer = decode_timestamp_response(token)
        if PKIStatus(answer.status) not in {PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS}:
            raise StampError(f"not granted: {' '.join(answer.status_string) or answer.status}")
        _check(answer, text, nonce=nonce, roots=roots)
    except (ValueError, VerificationError) as error:
        raise error if isinstance(error, StampError) else StampError(str(error)) from error
    return answer.tst_info.gen_time


def _check(answer: TimeStampResponse, text: str, *, nonce: int | None, roots: Sequence[Certificate]) -> None:
    imprint = answer.tst_info.message_imprint
    if (imprint.hash_algorithm, imprint.message) != (_SHA256, hashlib.sha256(text.encode()).digest()):
        raise StampError("it is about another text")
    if nonce is not None and answer.tst_info.nonce != nonce:
        raise StampError("it answers another question")
    if roots:
        VerifierBuilder(roots=list(roots)).build().verify_message(answer, text.encode())


def read_roots(pem: bytes) -> list[Certificate]:
    """The certificates of a PEM file.

    Raises:
        ValueError: there is none.
    """
    return load_pem_x509_certificates(pem)


def read_token(token: str) -> bytes:
    """A token as it is stored and bundled, in base64.

    Raises:
        StampError: it is not base64.
    """
    try:
        return unbase64(token)
    except ValueError as error:
        raise StampError("not base64") from error

"""Trusted time stamps (RFC 3161): an authority signs that the manifest's hash existed at a time. Asked for once, checked offline.

Only the hash leaves the machine. The authority's answer is kept whole beside the request, so that any tool can check it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sayso.errors import DataError, UsageError

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse

REQUEST, ANSWER, AUTHORITY = "stamp/manifest-sha256.tsq", "stamp/manifest-sha256.tsr", "stamp/authority.pem"
QUERY_TYPE, REPLY_TYPE = "application/timestamp-query", "application/timestamp-reply"
Post = Callable[[str, bytes], bytes]
"""sends a request's bytes to an address; the answer's"""


@dataclass(frozen=True, slots=True)
class Stamp:
    """time: UTC, of the authority's clock. authority: the name in the certificate that signed. trusted: whether its signature was
    checked against certificates that were given."""

    time: datetime
    authority: str
    serial: int
    trusted: bool

    @property
    def told(self) -> str:
        return f"{self.time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC by {self.authority} (serial number {self.serial})"


def ask(manifest: bytes, url: str, post: Post, certificates: bytes = b"") -> tuple[Stamp, list[tuple[str, bytes]]]:
    """Have the manifest stamped: the stamp, and the tag files to keep it in.

    certificates: the authority's, in PEM, to check its answer with and to keep beside it. Raises DataError when the answer does not
    stamp this manifest, UsageError without the library; what `post` raises passes through.
    """
    client = _client()
    request = client.TimestampRequestBuilder(data=manifest, hash_algorithm=client.HashAlgorithm.SHA256).build()
    answer = post(url, request.as_bytes())
    found = check(answer, manifest, certificates)
    if client.decode_timestamp_response(answer).tst_info.nonce != request.nonce:
        raise DataError(f"{url} answered with a time stamp that was not made for this request; ask another authority")
    files = [(REQUEST, request.as_bytes()), (ANSWER, answer)]
    return found, [*files, (AUTHORITY, certificates)] if certificates else files


def check(answer: bytes, manifest: bytes, certificates: bytes = b"") -> Stamp:
    """What the authority's answer says. With certificates (PEM; each of them is trusted) its signature is checked as well.

    Raises DataError when it stamps something else, or the signature does not hold.
    """
    client = _client()
    try:
        response = client.decode_timestamp_response(answer)
        status = client.PKIStatus(response.status)
    except ValueError as error:
        raise DataError(f"the time stamp cannot be read ({error})") from error
    if status != client.PKIStatus.GRANTED:
        reason = "; ".join(response.status_string) or status.name.lower()
        raise DataError(f"the authority gave no time stamp: {reason}")
    try:
        info = response.tst_info
        if info.message_imprint.message != hashlib.sha256(manifest).digest():
            raise DataError("the time stamp is of another manifest")
        signer = _signer(response)
        if certificates:
            _verified(client, response, manifest, certificates)
        return Stamp(info.gen_time, signer, info.serial_number, bool(certificates))
    except _odd() as error:
        raise DataError(f"the time stamp is damaged ({error})") from error


def _odd() -> tuple[type[Exception], ...]:
    """What damaged certificates raise."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.x509 import InvalidVersion

    return ValueError, TypeError, InvalidVersion, UnsupportedAlgorithm


def _verified(client: Any, response: TimeStampResponse, manifest: bytes, certificates: bytes) -> None:
    builder = client.VerifierBuilder()
    for certificate in _certificates(certificates):
        builder = builder.add_root_certificate(certificate)
    try:
        builder.build().verify_message(response, manifest)
    except (client.VerificationError, *_odd()) as error:
        raise DataError(f"the time stamp’s signature does not hold with the certificates given ({error})") from error


def _certificates(pem: bytes) -> Iterable[Any]:
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise DataError(f"the authority’s certificates are not in PEM ({error})") from error
    return {c.fingerprint(c.signature_hash_algorithm or _sha256()): c for c in found}.values()


def _sha256() -> Any:
    from cryptography.hazmat.primitives.hashes import SHA256

    return SHA256()


def _signer(response: TimeStampResponse) -> str:
    """The name in the certificate that signed, as the answer has it; else its serial number."""
    from cryptography import x509

    infos = list(response.signed_data.signer_infos)
    for data in response.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(data)
        if any(i.serial_number == certificate.serial_number and i.issuer == certificate.issuer for i in infos):
            names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
            return str(names[0].value) if names else certificate.subject.rfc4514_string()
    return f"certificate {infos[0].serial_number:x}" if infos else "an authority that is not named"


def _client() -> Any:
    try:
        import rfc3161_client
    except ModuleNotFoundError as error:
        raise UsageError("time stamps need rfc3161-client: pip install 'sayso[evidence]'") from error
    return rfc3161_client

"""A mailbox over IMAP (RFC 9051) and TLS: new messages by their UIDs, left unread unless asked otherwise."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from sayso.errors import IngestError
from sayso.ingest.source import Source, now
from sayso.records import Failure
from sayso.watch.plan import Mailbox
from sayso.watch.reach import check_host
from sayso.watch.sources.desk import Arrival, Desk, SourceTrouble

_SECONDS = 60.0


def arrivals(box: Mailbox, desk: Desk) -> Iterator[Arrival]:
    settings = replace(desk.settings, outlet=box.outlet, language=box.language)
    with _open(box, desk) as (client, validity):
        # numbers of another UIDVALIDITY mean nothing (RFC 9051, 2.3.1.1): then all are looked at, and the ledger knows its own
        last = int(desk.memory.get("uid", 0)) if desk.memory.get("validity") == validity else 0
        wanted: list[Any] = ["UID", f"{last + 1}:*"]
        if box.since:
            wanted += ["SINCE", date.fromisoformat(box.since)]
        for uid in sorted(u for u in client.search(wanted) if u > last)[: box.most]:
            if desk.stopping():
                return
            memory = {"validity": validity, "uid": uid}
            data = _message(client, uid, settings.limits.file_bytes)
            if data is None:
                reason = f"it is larger than {settings.limits.file_bytes:,} bytes; raise max_size"
                yield Arrival((Failure(f"{box.name}/{uid}.eml", "fetch", reason),), memory=memory)
                continue
            name = f"{box.name}/{hashlib.sha256(data).hexdigest()[:16]}.eml"
            documents = desk.read(Source(data, path=name, media_type="message/rfc822", retrieved=now()), settings)
            yield Arrival(tuple(documents), memory=memory)
            if box.mark_read:
                client.add_flags([uid], [b"\\Seen"])


@contextmanager
def _open(box: Mailbox, desk: Desk) -> Iterator[tuple[Any, int]]:
    """The mailbox and its UIDVALIDITY."""
    from imapclient import IMAPClient
    from imapclient.exceptions import IMAPClientError

    try:
        check_host(box.host, box.port, None if box.allow_private else desk.allow)
        context = ssl.create_default_context()
        if box.ca_file:
            context.load_verify_locations(box.ca_file)
        with IMAPClient(box.host, box.port, ssl=True, ssl_context=context, timeout=_SECONDS) as client:
            client.login(box.user, box.password.read())
            status = client.select_folder(box.folder, readonly=not box.mark_read)
            yield client, int(status[b"UIDVALIDITY"])
    except (IMAPClientError, OSError, ValueError, LookupError, IngestError) as error:
        # a server may repeat what it was sent, so that its words on a login are not passed on
        login = type(error).__name__ == "LoginError"
        raise SourceTrouble(
            f"{box.host}: {'the login was refused; mind user and password' if login else error}"
        ) from error


def _message(client: Any, uid: int, most: int) -> bytes | None:
    """The message as it is there; None when it is too large."""
    size = client.fetch([uid], ["RFC822.SIZE"]).get(uid, {}).get(b"RFC822.SIZE", 0)
    if size > most:
        return None
    found = client.fetch([uid], ["BODY.PEEK[]"])
    return bytes(found[uid][b"BODY[]"])

"""E-mail: one message for each alert over TLS. Its Message-ID is made from the alert's id, so that doubles can be dropped."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from sayso.errors import IngestError
from sayso.records.terms import plain
from sayso.watch.plan import Email
from sayso.watch.reach import check_host
from sayso.watch.senders.post import Outcome, Post, text

_SECONDS = 30.0
_SUBJECT = 150


def send(mail: Email, alerts: list[dict[str, Any]], post: Post) -> Iterator[Outcome]:
    sent = 0
    try:
        check_host(mail.host, mail.port, None if mail.allow_private else post.allow)
        with _connected(mail) as server:
            for alert in alerts:
                if post.stopping():
                    return
                server.send_message(message(mail, alert))
                sent += 1
                yield Outcome(alert["id"])
    except (smtplib.SMTPException, OSError, ValueError, IngestError) as error:
        if sent < len(alerts):
            yield Outcome(alerts[sent]["id"], f"{mail.host}: {_fault(error)}")


def message(mail: Email, alert: dict[str, Any]) -> EmailMessage:
    """The alert as a message. Nothing of a report gets into a header but as one line of the subject."""
    from datetime import datetime

    found = EmailMessage(policy=policy.SMTP)
    subject = f"[{alert['rule']}] {plain(alert['summary'])}"
    found["Subject"] = subject if len(subject) <= _SUBJECT else subject[: _SUBJECT - 1] + "…"
    found["From"] = mail.sender
    found["To"] = ", ".join(mail.to)
    found["Date"] = format_datetime(datetime.fromisoformat(alert["made"]))
    found["Message-ID"] = f"<sayso.{alert['id']}@{parseaddr(mail.sender)[1].rpartition('@')[2]}>"
    found["Auto-Submitted"] = "auto-generated"
    found.set_content(text(alert).replace("\0", "\ufffd"))
    return found


def _connected(mail: Email) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if mail.ca_file:
        context.load_verify_locations(mail.ca_file)
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=_SECONDS, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=_SECONDS)
    try:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user and mail.password:
            server.login(mail.user, mail.password.read())
    except BaseException:
        server.close()
        raise
    return server


def _fault(error: Exception) -> str:
    """Without what a server repeats of a login."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "the login was refused; mind user and password"
    return plain(str(error))[:300]

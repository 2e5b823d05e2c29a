"""Watching: sources are asked again and again, what is new goes into the ledger, and rules say of it what people asked for.

plan      sources.toml as frozen records;  reading: the file → them, every key checked;  secrets: where passwords are
state     what was seen, what was told and what waits to be sent: a file of its own beside the ledger
sources/  one module for each kind: feed, page, folder, mailbox → arrivals
rules     what the last linking changed → what is new to a rule;  wording: that → an alert in plain words
senders/  one module for each way out: webhook, Atom feed, e-mail
outbox    alerts → senders, with back-off
watcher   the loop, over a clock and a sleeper that are handed in
"""

"""Every exception that Sayso raises on purpose.

    SaysoError
    ├── UsageError          the call makes no sense: an unknown option value, a path that is not there
    ├── DataError           one of Sayso's own or the user's data files is damaged or malformed
    │   └── WeightsError    the trained reader's weights are missing or altered
    ├── IngestError         one document cannot be read; becomes a `Failure` and never stops the batch
    │   ├── LimitError      it is larger, deeper or slower than the settings allow
    │   └── AddressError    its web address may not be asked for
    ├── LedgerError         the ledger cannot be opened, is of another version, or is damaged
    │   └── NotFoundError   it holds nothing of that id or name
    ├── WatchError          what is to be watched, or the file that remembers it, cannot be used; or an alert cannot be sent
    ├── MachinesError       the machines that are to read cannot be had, or gave up
    └── AccessError         who may use the workbench: a name, password, role or token that cannot be, or their file is damaged

A message names the thing, the place and the remedy:
`cannot read report.pdf: it is encrypted; save a copy without a password`.
"""

from __future__ import annotations


class SaysoError(Exception):
    """The base of all of them."""


class UsageError(SaysoError):
    """The call makes no sense as given."""


class DataError(SaysoError):
    """A data file (ontology, lexicon, gazetteer, overlay) is damaged or malformed."""


class WeightsError(DataError):
    """The trained reader's weights are missing, altered, or of another release."""


class IngestError(SaysoError):
    """One document cannot be read. `str(error)` is the reason, without the path."""


class LimitError(IngestError):
    """A document is larger, deeper or slower to read than the settings allow."""


class AddressError(IngestError):
    """A web address may not be asked for: private, looping, forbidden by robots.txt."""


class LedgerError(SaysoError):
    """The ledger cannot be opened, is of another version, or is damaged."""


class NotFoundError(LedgerError):
    """The ledger holds nothing of that id or name."""


class AccessError(SaysoError):
    """A user, password, role or token cannot be as asked, or the file that holds them cannot be used."""


class WatchError(SaysoError):
    """What is to be watched cannot be, an alert cannot be sent, or the file that remembers both cannot be used."""


class MachinesError(SaysoError):
    """Ray is not installed, its machines do not answer or run another version of Sayso, or the work on them was given up."""

"""Across documents: which names are one entity, which texts share an origin, which events are one, how claims relate.

`link(ledger)` brings everything that is new in the ledger into the derived tables and yields the links between claims of
the events that it touched. It is incremental: a new report costs its own blocks, and the result does not depend on the
order in which reports arrive. `unlink` takes a document out again.
"""

from sayso.link.linker import link, relink, settle, unlink, unsettled
from sayso.names import Comparison, compare

__all__ = ["Comparison", "compare", "link", "relink", "settle", "unlink", "unsettled"]

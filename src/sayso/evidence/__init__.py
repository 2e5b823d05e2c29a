"""Evidence: what some events or documents rest on, in one file that shows every later change.

layout     the zip archive, in the one way in which its bytes can be
bag        the BagIt bag in it (RFC 8493): payload, manifests, bag-info
contents   what goes in: originals, retrieval records, readings, claims, judgements, events, a report, the ledger's archive
stamp      trusted time stamps (RFC 3161)
verify     a bag → findings in plain words: what holds, what was altered, is missing or was added
"""

from sayso.evidence.bag import Sealed, write_bag
from sayso.evidence.contents import Chosen, choose, payload
from sayso.evidence.stamp import Stamp, ask
from sayso.evidence.verify import Finding, archive_of, verify

__all__ = ["Chosen", "Finding", "Sealed", "Stamp", "archive_of", "ask", "choose", "payload", "verify", "write_bag"]

"""What a linked event's fields come to: positions, who holds and who denies each, how many independent informants, status.

`weigh(ledger)` weighs every event that linking has touched and yields the assessments. It shows and never filters: a
position with one informant is a position. It says nothing of truth.
"""

from sayso.weigh.weigher import weigh, weigh_some

__all__ = ["weigh", "weigh_some"]

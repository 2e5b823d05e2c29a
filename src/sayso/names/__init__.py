"""What is known of names: whether two are one (romanisations, titles, initials, acronyms, translations), for whom they stand.

`scripts` brings words of every script to comparable keys, `words` knows what organisation words mean in several
languages, `people`, `places` and `organisations` weigh a pair each by the features of its type, `keys` gives the blocks
in which a name looks for its likes. `registry` holds who is known by which names, `sides` for whom somebody speaks,
`wording` which words of a text are telling.
"""

from sayso.names.compare import TYPES, Comparison, compare
from sayso.names.keys import block_keys

__all__ = ["TYPES", "Comparison", "block_keys", "compare"]

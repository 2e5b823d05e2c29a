"""Place names → places, from a small index that is compiled once and memory-mapped.

`Gazetteer.lookup("Graivoron")` gives every place of that name, largest first. Which of them a report
means is not decided here but in `sayso.read.places`, by context.
"""

from sayso.gazetteer.index import Gazetteer, GazetteerPlace, default_gazetteer

__all__ = ["Gazetteer", "GazetteerPlace", "default_gazetteer"]

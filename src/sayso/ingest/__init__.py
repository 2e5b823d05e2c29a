"""Bytes → Document: files, folders, archives, feeds, web addresses, standard input.

`load(paths, settings)` is the stage. A format is one module with a loader and one row in `FORMATS`.
"""

from sayso.ingest.formats import FORMATS, Format
from sayso.ingest.load import check_paths, load, load_bytes, load_text

__all__ = ["FORMATS", "Format", "check_paths", "load", "load_bytes", "load_text"]

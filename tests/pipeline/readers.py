"""A reader for trials: slow enough to be met at work, and one that certain words kill."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from sayso.read.reader import READERS
from sayso.read.rules import RulesReader
from sayso.records import Document, Reading

LETHAL = "the words that nobody survives"
LOG = "SAYSO_TRIAL_LOG"
"""environment variable: a file that takes the id of each report that is read"""


class FragileReader(RulesReader):
    name = "fragile"

    def read(self, document: Document) -> Reading:
        with Path(os.environ[LOG]).open("a", encoding="utf-8") as log:
            log.write(document.id + "\n")
        time.sleep(0.03)
        if LETHAL in document.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(document)


def install() -> None:
    """Called in each process that Ray starts."""
    READERS["fragile"] = "tests.pipeline.readers:FragileReader"

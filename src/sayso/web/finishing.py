"""What a decision leaves to do where it touches thousands of events: done in the background, by a process of its own.

Pages and decisions share one interpreter; a long piece of linking there would make everybody wait. The ledger itself remembers
what is left, so that a server that stops loses nothing: the next decision, `sayso add` or `sayso link` goes on with it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path


class Finisher:
    """Runs `sayso link` on a ledger, once at a time, and once more where something was left meanwhile."""

    def __init__(self, ledger: Path | str) -> None:
        self._command = [sys.executable, "-m", "sayso", "link", "--quiet"]
        self._environment = {
            **os.environ,
            "SAYSO_LEDGER": str(ledger),
        }  # an address may hold a password: arguments are public
        self._lock = threading.Lock()
        self._running = self._again = False

    def finish(self) -> None:
        """Begin, and come back at once."""
        with self._lock:
            if self._running:
                self._again = True
                return
            self._running = True
        threading.Thread(target=self._run, name="finishing", daemon=True).start()

    def _run(self) -> None:
        while True:
            subprocess.run(
                self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
            )
            with self._lock:
                if not self._again:
                    self._running = False
                    return
                self._again = False

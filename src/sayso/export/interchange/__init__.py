"""Formats of other tools: one module each, with `write`; what a format cannot hold is in its loss report."""

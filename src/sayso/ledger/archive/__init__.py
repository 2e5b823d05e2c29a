"""The lossless form of a ledger, written, opened and put back."""

"""Accuracy and speed, measured on reference data that the caller names (`--data DIR`); never part of the tests."""

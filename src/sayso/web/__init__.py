"""Pages: the self-contained report now; the workbench will live here too."""

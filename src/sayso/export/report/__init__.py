"""The report page: readings → one HTML file that asks nothing of any network."""

from sayso.export.report.across import told_across
from sayso.export.report.page import render_report

__all__ = ["render_report", "told_across"]

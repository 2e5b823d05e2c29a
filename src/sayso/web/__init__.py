"""The workbench: the pages and the JSON interface of one ledger, served to a browser."""

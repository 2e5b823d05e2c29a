"""Who may do what in the workbench. Imports nothing, so that `sayso --help` stays quick.

`people` keeps users, sessions, tokens, saved searches and the audit log; `guard` stands before every request;
`dependencies` says what role a route needs; `login` makes the login view five lines long; `limits` counts.
"""

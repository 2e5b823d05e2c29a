"""What each database does in its own way: SQLite in one file, PostgreSQL on a server."""

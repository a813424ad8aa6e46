"""What differs between the two databases: the embedded SQLite engine and vendor-specific DDL."""

"""The handbook taken out as a file, and read back. ``docs/handbook-export.md`` describes the file."""

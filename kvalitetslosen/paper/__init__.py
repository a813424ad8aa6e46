"""What is printed: HTML to PDF, for every module."""

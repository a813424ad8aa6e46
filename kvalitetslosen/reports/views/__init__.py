"""The pages of ready reports."""

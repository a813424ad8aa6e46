"""The handbook on paper: copies of versions as PDF, and labels that lead from the wall to what applies."""

"""The handbook's pages, a file for each thing people come to do."""

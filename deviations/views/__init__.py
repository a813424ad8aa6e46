"""The pages of cases, a file for each thing people come to do."""

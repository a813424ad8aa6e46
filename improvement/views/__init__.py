"""The pages of the module, a file for each noun."""

"""What people write, a file for each noun. Forms check and clean; they save nothing."""

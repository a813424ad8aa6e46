"""What people write about a case, a file for each thing they come to do. Forms check and clean; they save nothing."""

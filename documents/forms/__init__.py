"""What people write about documents. Forms check and clean; they save nothing."""

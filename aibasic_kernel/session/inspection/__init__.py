"""What Shift-Tab says."""

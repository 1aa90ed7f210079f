"""What requests cost, and the limits they keep."""

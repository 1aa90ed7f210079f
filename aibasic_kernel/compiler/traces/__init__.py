"""What a compilation relies on, observed when it was made and checked before it is used again."""

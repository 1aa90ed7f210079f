"""What a request says, and how the reply is read."""

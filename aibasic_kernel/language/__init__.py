"""Text to instructions. Pure: no I/O, no model, no import of the other rooms."""

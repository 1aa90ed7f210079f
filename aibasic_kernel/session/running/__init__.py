"""Running lines: one after the other, by jumps and in loops, at once in a cell or as the whole program."""

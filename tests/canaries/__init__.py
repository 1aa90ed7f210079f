"""Canaries: random secrets, random programs that do all they can to show them, and a search of every byte that left."""

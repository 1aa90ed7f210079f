"""Instruction and context to compilation: lock, then phrase, then provider."""

"""Asks before code does harm, and hears what it does."""

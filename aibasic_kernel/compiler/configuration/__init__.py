"""The settings, whose they are, and what nobody may loosen."""

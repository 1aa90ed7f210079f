"""Sends requests to a language model: the thread, the one HTTP client, its patience and its errors."""

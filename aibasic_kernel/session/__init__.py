"""Context, namespace and the run loop. Knows neither asyncio nor IPython."""

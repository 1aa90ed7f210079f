"""The phrases of the task types that need no service: one module a task type, each with its `PHRASES`; data only."""

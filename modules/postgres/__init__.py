"""PostgreSQL: a pinned connection for the session's lines, a pool for the rest, data in bulk."""

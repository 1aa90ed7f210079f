"""Redis: `[redis]` in aibasic.conf, `redis_client` in programs."""

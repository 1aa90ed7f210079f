"""Ways in to a session: the kernel and the command line. Each is thin."""

"""Which error texts there are, read from the source: what the page of errors lists, and where it tells of one."""

"""Real servers for the tests, each on its own loopback port with its own data folder."""

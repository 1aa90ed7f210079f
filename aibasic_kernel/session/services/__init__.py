"""The configured services of a session, and what is known of them."""

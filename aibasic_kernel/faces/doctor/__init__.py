"""`aibasic doctor`: what is installed, configured and reachable, and what mends the rest."""

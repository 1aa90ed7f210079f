"""AIBasic: plain English lines, compiled to Python and run at once."""

__version__ = "0.1.0"

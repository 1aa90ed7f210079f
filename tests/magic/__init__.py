"""The magics in real IPythons."""

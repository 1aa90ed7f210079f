"""The file names of lines, by which frames of a stack and of a traceback are told apart."""

FILE_PREFIX = "<aibasic "
"""How the file names of all lines begin."""
COMPILED_PREFIX = f"{FILE_PREFIX}compiled "
"""How those of lines begin that the user did not type as Python."""

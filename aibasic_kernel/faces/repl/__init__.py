"""The terminal shell `aibasic-repl`: drives a kernel, its own or a running one, over Jupyter's protocol."""

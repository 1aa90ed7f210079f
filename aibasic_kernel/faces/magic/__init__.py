"""`%%aibasic` and `%aibasic` in any IPython."""

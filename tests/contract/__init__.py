"""The contract of the modules over each service: aibasic_kernel.testing has the clauses."""

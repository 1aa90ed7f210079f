"""Classes over services: needs only the standard library and, for each service used, its driver."""

"""The lock: its entries, their signatures, and what a person should see of them."""

"""Doors of the trail: for auditors' pages, for their programs (IHE RESTful ATNA), and for what they take away."""

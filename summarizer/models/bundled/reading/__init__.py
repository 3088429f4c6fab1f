"""The reader inside the package: points at the answer to a question in a passage."""

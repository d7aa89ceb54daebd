"""What is not a stream, in SQL: day keys, partials, releases; and the local KMS."""

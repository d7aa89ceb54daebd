"""bytes -> the raw fields of a record, or Rejected: one module a format."""

"""text -> Findings: personal data where the web hides it."""

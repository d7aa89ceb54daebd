"""Raw value -> token, generalized value or ciphertext. Pure; keys are passed in."""

"""The steps of the data plane: a batch in, outputs and safe offsets out. Pure."""

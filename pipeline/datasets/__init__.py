"""What a window becomes: windows, bounded cells, thresholds, a release. Pure."""

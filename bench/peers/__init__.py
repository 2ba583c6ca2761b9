"""What other teams would write for the same read, so that ratios have something to be held to."""

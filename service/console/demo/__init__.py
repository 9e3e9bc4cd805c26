"""Made-up conversations, so that the console can be seen with something in it."""

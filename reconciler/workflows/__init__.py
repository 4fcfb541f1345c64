"""The story of each command, one screen each. Workflows return values and print nothing."""

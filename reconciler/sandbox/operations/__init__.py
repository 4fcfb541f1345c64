"""What callers do to the world, each refused or done."""

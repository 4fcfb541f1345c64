"""What things are: frozen values without I/O and without a clock. Imports the standard library only."""

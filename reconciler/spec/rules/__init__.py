"""What cannot be seen from shape alone. One file per family of rules; each rule takes entries and yields findings."""

"""The configs of links and topics: keys, types, defaults, and what they may not be."""

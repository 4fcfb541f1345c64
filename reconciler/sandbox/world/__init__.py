"""What there is: clusters, their topics, groups, links and mirrors, and the clock that they share."""

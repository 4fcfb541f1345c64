"""The input files of `kafka-cluster-links`, read with positions: Java properties, and filters in JSON."""

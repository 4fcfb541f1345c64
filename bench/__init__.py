"""Measurements of speed and memory. `python -m bench [name…]` runs them all, or those named.

A benchmark is a module here with a `main()` that prints what it found. Figures of one machine mean little on another,
so results are ratios within one run: every measurement in a fresh process, the median of five.
"""

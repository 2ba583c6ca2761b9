"""Measurements: how fast, how it scales, and what it survives."""

"""Which numbers follow from these arrays? Pure functions: arrays in, estimates out; no data model, no engine."""

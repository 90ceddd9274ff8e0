"""The mechanisms: one family of processes per module. Families know the world and facts, never each other."""

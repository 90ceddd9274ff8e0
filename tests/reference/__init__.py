"""The core rules once more, slowly: in small steps, second by second, or by trying everything.

They are written to be read and checked against docs/model, share no formula with the fast ones, and are never
optimised. ``test_fast_and_slow`` holds the fast ones to them.
"""

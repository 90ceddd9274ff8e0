"""Claims in the columns of event datasets, and events of such datasets as claims: UCDP GED and ACLED, both ways.

See docs/exchange.md for what becomes of each column.
"""

"""Histories for other people's viewers: GeoJSON with times, KML, and scenarios of ORBAT Mapper.

Everything here is read from one log, or from a batch as a whole, or from a reported timeline; see docs/viewers.md for
what becomes of what.
"""

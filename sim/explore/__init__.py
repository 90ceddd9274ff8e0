"""The local app: move the assumptions that matter most, and see what a campaign makes of it.

Names of this package are imported by ``sim explore`` alone; the app itself needs the extra ``explore``.
"""

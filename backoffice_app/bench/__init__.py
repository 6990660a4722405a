"""`kontor bench`: the figures owed, each beside its floor in the same run: hand-written SQL on the same
database (P).
"""

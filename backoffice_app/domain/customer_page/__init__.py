"""What the page of one customer shows: registered blocks of plain data (W-8).

A part that knows of customers adds a file here.
"""

"""Every table, one file an area: columns, keys, checks. No rules, no queries; imports nothing of ours.

Money is whole minor units (`BigInteger`), quantities, unit prices and rates are exact decimals (`Micros`), times are
aware UTC (`Moment`). Columns under "derived" are written by one function, `domain/order/derived.py`, and proven equal
to what they are derived from.
"""

"""Invoices and credit notes: series, totals, snapshot, issue."""

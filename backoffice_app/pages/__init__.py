"""Components bound to state, one module a page."""

"""Orders that come in, in whatever form, as one NewOrder."""

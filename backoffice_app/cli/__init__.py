"""The command kontor."""

"""What a plugin may import, and how it is found."""

"""Service > Automatic e-mails: the texts of mails are seen, changed, tried out and switched off (M-1)."""

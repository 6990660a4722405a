"""What a customer is to the kernel, and what colleagues do to one: edit, warn, switch mails off, merge (W-8, W-19, T-1,
M-6).
"""

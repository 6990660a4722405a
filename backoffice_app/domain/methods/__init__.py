"""What the owner says of payment methods and shipping methods in the settings (PAY-0, SHIP-2)."""

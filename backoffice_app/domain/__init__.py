"""What Kontor knows: rules, actions, facts. No web framework in here."""

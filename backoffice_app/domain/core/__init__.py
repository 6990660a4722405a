"""The shared vocabulary: actions, facts, work, rights, money, clock, errors."""

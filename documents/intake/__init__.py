"""How what was written elsewhere gets in."""

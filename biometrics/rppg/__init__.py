"""Is there a pulse in the skin's colour? From mean colours of skin regions to a spectrum, and what else could have made it."""

"""From media to signals: shared perception and one detector per file. Plain synchronous code, no clock, no I/O."""

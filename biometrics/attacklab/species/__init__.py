"""The species of the attack lab, one a file: each module has a SPECIES."""

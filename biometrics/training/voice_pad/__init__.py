"""Training of the speech anti-spoofing network. So far only the network itself, which loads the published checkpoint."""

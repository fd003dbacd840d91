"""Were the digits said that were shown? From bursts of speech to latencies, digits as heard, and a likelihood ratio."""

"""HTTP, and nothing else: routes, sessions cookies, SSE."""

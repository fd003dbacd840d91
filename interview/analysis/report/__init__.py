"""One self-contained HTML page about an analysed recording: no script, no outside resource, both languages."""

"""The demo: a portrait that packages ship, made to talk by us, interviewed over real WebRTC. Always labelled simulated."""

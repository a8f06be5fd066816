"""Fixtures of every test: people made up for one test leave with it."""

pytest_plugins = ["citybrain.testing.people", "citybrain.testing.databases", "citybrain.testing.memories"]

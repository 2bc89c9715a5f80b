"""Settings, URLs, wiring, and the `openkap` command: where the rooms are put together."""

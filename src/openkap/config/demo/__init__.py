"""The demo: a synthetic clinic at work, on this machine only. Every name and number in it is invented."""

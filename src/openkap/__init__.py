"""OpenKAP: an open clinical system for ketamine-assisted psychotherapy."""

__version__ = "0.1.0"

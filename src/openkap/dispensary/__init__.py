"""The clinic's medicines. Today: the formulary, which says the one strength a dose is drawn from."""

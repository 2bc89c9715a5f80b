"""FHIR R4 at the edge: a bundle from another system becomes facts in the clinic's own words."""

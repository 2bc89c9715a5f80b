"""Preparation and integration: the patient's own words, goals, practices, and the notes of the visits."""

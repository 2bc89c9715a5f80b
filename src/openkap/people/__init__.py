"""Patients, their escorts and care teams; sites and rooms."""

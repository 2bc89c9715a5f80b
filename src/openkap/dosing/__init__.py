"""The dosing session room: time-out, dose, checks, marks and leaving."""

"""The pages of the dosing room."""

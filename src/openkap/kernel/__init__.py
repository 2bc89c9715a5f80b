"""The few values every room shares. Pure: no Django, no clock, no database."""

"""`make faults`: what is switched off or exchanged in a rule must turn a test red."""

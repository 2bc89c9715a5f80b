"""A session under watch: what is measured, when it is due, and what crosses a limit."""

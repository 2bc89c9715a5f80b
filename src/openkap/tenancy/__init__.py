"""What keeps clinics apart: signed context, row-level security, history, notifications and jobs."""

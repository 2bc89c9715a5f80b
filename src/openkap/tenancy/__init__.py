"""The walls between clinics: signed context, row-level security, history, news and jobs."""

"""After the day: check-ins at two hours, one day, three days and a week; silence is never taken for well."""

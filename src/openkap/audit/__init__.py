"""What happened, who did it, and when: one append-only, hash-chained record per clinic."""

"""Where the clinic meets other systems: monitors, records, referrals."""

"""Referrals: what another system sends about a person, taken in without guessing."""

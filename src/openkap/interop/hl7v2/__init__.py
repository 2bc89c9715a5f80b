"""HL7 v2 over MLLP: the words of bedside monitors, read with care and never guessed at."""

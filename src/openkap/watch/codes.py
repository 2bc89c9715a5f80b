"""The codes of the readings of the dosing room: LOINC, or MDC where LOINC has none. Pure."""

SBP, DBP, MEAN = "8480-6", "8462-4", "8478-0"
HEART_RATE, OXIMETER_PULSE, CUFF_PULSE, PULSE = "8867-4", "8889-8", "149546", "149514"
SPO2, BREATHING, TEMPERATURE, MOAAS = "59408-5", "9279-1", "8310-5", "moaas"

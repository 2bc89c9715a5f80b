"""What consent looks up past the clinic."""

from openkap.tenancy.unscoped import Unscoped

IMPAIRED = Unscoped(
    name="unscoped_clinics_impaired",
    takes=(("cause", "text"),),
    returns="SETOF uuid",
    body="""
    SELECT DISTINCT clinic_id FROM public.consent_impairment WHERE cause_kind = cause AND ended_at IS NULL
""",
    why="The clock lets a person sign again in the clinics in which somebody may not, and wakes no other.",
    tables={"consent_impairment": "SELECT (clinic_id, cause_kind, ended_at)"},
)
UNSCOPED = (IMPAIRED,)

"""What accounts looks up past the clinic."""

from openkap.tenancy.unscoped import Unscoped

PLACES_OF = Unscoped(
    name="unscoped_places_of",
    takes=(("person", "uuid"), ("moment", "timestamptz")),
    returns="TABLE (membership uuid, clinic uuid, clinic_name varchar, role varchar)",
    body="""
    SELECT m.id, m.clinic_id, c.name, m.role
    FROM public.accounts_membership m JOIN public.tenancy_clinic c ON c.id = m.clinic_id
    WHERE m.user_id = person AND m.since <= moment AND (m.ended_at IS NULL OR m.ended_at > moment)
    ORDER BY c.name, m.role, m.id
""",
    why="Whoever signs in may have places in several clinics, and chooses one.",
    tables={"accounts_membership": "SELECT", "tenancy_clinic": "SELECT"},
)
UNSCOPED = (PLACES_OF,)

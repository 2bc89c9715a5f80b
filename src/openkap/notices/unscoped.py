"""What notices look up past the clinic."""

from openkap.tenancy.unscoped import Unscoped

DUE = Unscoped(
    name="unscoped_due_notices",
    takes=(("moment", "timestamptz"),),
    returns="SETOF uuid",
    body="""
    SELECT DISTINCT clinic_id FROM public.notices_notice WHERE state = 'queued' AND next_try_at <= moment
""",
    why="The clock sends for the clinics in which a message is due, and wakes no other.",
    tables={"notices_notice": "SELECT (clinic_id, state, next_try_at)"},
)
UNSCOPED = (DUE,)

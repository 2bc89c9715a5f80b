"""What the watch looks up past the clinic."""

from openkap.tenancy.unscoped import Unscoped

DUE = Unscoped(
    name="unscoped_due_watch",
    takes=(),
    returns="SETOF uuid",
    body="SELECT DISTINCT clinic_id FROM public.watch_session WHERE closed_at IS NULL",
    why="The clock looks round the clinics in which a session is open, and wakes no other.",
    tables={"watch_session": "SELECT (clinic_id, closed_at)"},
)
TO_ARCHIVE = Unscoped(
    name="unscoped_watch_to_archive",
    takes=(("before", "timestamptz"),),
    returns="SETOF uuid",
    body="""
    SELECT DISTINCT clinic_id FROM public.watch_session WHERE archived_at IS NULL AND closed_at <= before
""",
    why="At night the values of sessions long closed are archived, where there are any.",
    tables={"watch_session": "SELECT (clinic_id, closed_at, archived_at)"},
)
UNSCOPED = (DUE, TO_ARCHIVE)

"""What follow-up looks up past the clinic."""

from openkap.tenancy.unscoped import Unscoped

DUE = Unscoped(
    name="unscoped_due_followup",
    takes=(("moment", "timestamptz"), ("since", "timestamptz")),
    returns="SETOF uuid",
    body="""
    SELECT DISTINCT c.clinic_id FROM public.followup_checkin c
    WHERE c.due_at <= moment AND c.answered_at IS NULL AND c.called_off_at IS NULL
      AND (c.late_at <= moment AND c.alarmed_at IS NULL
           OR c.notice_id IS NULL AND EXISTS (
              SELECT FROM public.people_patient p
              WHERE p.clinic_id = c.clinic_id AND p.id = c.patient_id AND p.email <> ''))
    UNION
    SELECT DISTINCT s.clinic_id FROM public.watch_session s
    WHERE s.closed_at >= since AND s.dose_began_at IS NOT NULL
      AND NOT EXISTS (
          SELECT FROM public.followup_checkin c WHERE c.clinic_id = s.clinic_id AND c.session_id = s.id)
""",
    why="The clock plans, sends and alarms check-ins where one is due, and wakes no other clinic.",
    tables={
        "followup_checkin": "SELECT",
        "people_patient": "SELECT (id, clinic_id, email)",
        "watch_session": "SELECT (id, clinic_id, closed_at, dose_began_at)",
    },
)
UNSCOPED = (DUE,)

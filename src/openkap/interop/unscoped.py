"""What interop looks up past the clinic."""

from openkap.tenancy.unscoped import Unscoped

WAITED_FOR = Unscoped(
    name="unscoped_due_interop",
    takes=(),
    returns="SETOF uuid",
    body="""
    SELECT c.id FROM public.tenancy_clinic c
    WHERE EXISTS (
        SELECT FROM public.interop_devicemessage m WHERE m.clinic_id = c.id AND m.session_id IS NULL
          AND NOT EXISTS (
              SELECT FROM public.interop_messagesettled s
              WHERE s.clinic_id = m.clinic_id AND s.message_id = m.id))
      OR EXISTS (
        SELECT FROM public.interop_referral r WHERE r.clinic_id = c.id
          AND NOT EXISTS (
              SELECT FROM public.interop_referraltaken t
              WHERE t.clinic_id = r.clinic_id AND t.referral_id = r.id))
""",
    why="The clock alarms what waits from outside where something does, and wakes no other clinic.",
    tables={
        "tenancy_clinic": "SELECT",
        "interop_devicemessage": "SELECT (id, clinic_id, session_id)",
        "interop_messagesettled": "SELECT (clinic_id, message_id)",
        "interop_referral": "SELECT (id, clinic_id)",
        "interop_referraltaken": "SELECT (clinic_id, referral_id)",
    },
)
UNSCOPED = (WAITED_FOR,)

"""What alerts look up past the clinic."""

from openkap.tenancy.unscoped import Unscoped

DUE = Unscoped(
    name="unscoped_due_alerts",
    takes=(("mail_is_set_up", "boolean"), ("clinical", "text[]")),
    returns="SETOF uuid",
    body="""
    SELECT c.id FROM public.tenancy_clinic c
    LEFT JOIN LATERAL (
        SELECT v.id FROM public.alerts_cover v WHERE v.clinic_id = c.id ORDER BY v.at DESC, v.id DESC LIMIT 1
    ) cover ON true
    WHERE EXISTS (SELECT FROM public.alerts_alert a WHERE a.clinic_id = c.id AND a.answered_at IS NULL)
      OR EXISTS (
        SELECT FROM public.people_careteammember m
        WHERE m.clinic_id = c.id AND m.for_kind = 'alert' AND m.ended_at IS NULL)
      OR (NOT mail_is_set_up AND NOT EXISTS (
        SELECT FROM public.alerts_alert a WHERE a.clinic_id = c.id
          AND a.kind = 'no_mail_system' AND a.cause_kind = 'clinic' AND a.cause_id = c.id))
      OR (NOT EXISTS (
            SELECT FROM public.alerts_oncall o
            JOIN public.accounts_membership m ON m.clinic_id = o.clinic_id AND m.id = o.membership_id
            JOIN public.accounts_user u ON u.id = m.user_id
            WHERE o.clinic_id = c.id AND o.cover_id = cover.id AND m.ended_at IS NULL AND u.is_active
              AND m.role = ANY (clinical))
          AND NOT EXISTS (
            SELECT FROM public.alerts_alert a WHERE a.clinic_id = c.id AND a.kind = 'nobody_on_call'
              AND a.cause_kind = CASE WHEN cover.id IS NULL THEN 'clinic' ELSE 'cover' END
              AND a.cause_id = coalesce(cover.id, c.id)))
""",
    why="The clock passes alerts on where one is open or must be raised, and wakes no other clinic.",
    tables={
        "tenancy_clinic": "SELECT",
        "accounts_membership": "SELECT",
        "accounts_user": "SELECT (id, is_active)",
        "people_careteammember": "SELECT (clinic_id, for_kind, ended_at)",
        "alerts_alert": "SELECT (clinic_id, kind, cause_kind, cause_id, answered_at)",
        "alerts_cover": "SELECT (id, clinic_id, at)",
        "alerts_oncall": "SELECT (clinic_id, membership_id, cover_id)",
    },
)
NOT_TOLD = Unscoped(
    name="unscoped_clinics_not_told",
    takes=(("alert_kind", "text"), ("of_kind", "text"), ("of_id", "uuid")),
    returns="SETOF uuid",
    body="""
    SELECT c.id FROM public.tenancy_clinic c WHERE NOT EXISTS (
        SELECT FROM public.alerts_alert a WHERE a.clinic_id = c.id
          AND a.kind = alert_kind AND a.cause_kind = of_kind AND a.cause_id = of_id)
""",
    why="What concerns the whole installation is told once to each clinic, and looked for in none twice.",
    tables={
        "tenancy_clinic": "SELECT",
        "alerts_alert": "SELECT (clinic_id, kind, cause_kind, cause_id)",
    },
)
UNSCOPED = (DUE, NOT_TOLD)

"""The functions that add to the audit record. Nothing else can: the application may not write its tables."""

from openkap.tenancy.unscoped import Unscoped

EVENT = (
    ("new_id", "uuid"),
    ("chain", "uuid"),
    ("moment", "timestamptz"),
    ("verb", "text"),
    ("by_id", "uuid"),
    ("patient", "uuid"),
    ("body", "text"),
)
LINK = Unscoped(
    name="audit_link",
    takes=EVENT,
    returns="bigint",
    language="plpgsql",
    body="""
DECLARE
    head public.audit_head;
    next_hash bytea;
BEGIN
    INSERT INTO public.audit_head (clinic_id, seq, hash)
        VALUES (chain, 0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM public.audit_head WHERE clinic_id = chain FOR UPDATE;
    next_hash := sha256(head.hash || convert_to((head.seq + 1)::text, 'UTF8') || convert_to(body, 'UTF8'));
    INSERT INTO public.audit_event (id, clinic_id, seq, at, verb, by_id, patient_id, body, hash)
        VALUES (new_id, chain, head.seq + 1, moment, verb, by_id, patient, body, next_hash);
    UPDATE public.audit_head SET seq = head.seq + 1, hash = next_hash WHERE clinic_id = chain;
    RETURN head.seq + 1;
END
""",
    why="Adds one event to one chain, hashed with the one before. Only the two functions below may call it.",
    tables={"audit_event": "SELECT, INSERT, UPDATE", "audit_head": "SELECT, INSERT, UPDATE"},
    reads_only=False,
    definer=False,
)
APPEND = Unscoped(
    name="audit_append",
    takes=EVENT,
    returns="bigint",
    language="plpgsql",
    body="""
BEGIN
    IF public.ctx_clinic() IS DISTINCT FROM chain THEN
        RAISE EXCEPTION 'This transaction may not write to that clinic''s record.';
    END IF;
    RETURN public.audit_link(new_id, chain, moment, verb, by_id, patient, body);
END
""",
    why="Adds an event to the record of the clinic whose context is open, and to no other.",
    reads_only=False,
)
APPEND_TO_INSTALLATION = Unscoped(
    name="audit_append_house",
    takes=(
        ("new_id", "uuid"),
        ("moment", "timestamptz"),
        ("verb", "text"),
        ("by_id", "uuid"),
        ("body", "text"),
    ),
    returns="bigint",
    body="""
    SELECT public.audit_link(
        new_id, '00000000-0000-0000-0000-000000000000', moment, verb, by_id, NULL, body)
""",
    why="Adds an event to the installation's own record, before a clinic is known, as at sign-in.",
    reads_only=False,
)
READ = Unscoped(
    name="audit_read",
    takes=(
        ("new_id", "uuid"),
        ("chain", "uuid"),
        ("moment", "timestamptz"),
        ("page", "text"),
        ("by_id", "uuid"),
        ("about", "uuid"),
        ("seen", "uuid[]"),
        ("body", "text"),
    ),
    returns="bigint",
    language="plpgsql",
    body="""
DECLARE
    head public.audit_readinghead;
    next_hash bytea;
BEGIN
    IF public.ctx_clinic() IS DISTINCT FROM chain THEN
        RAISE EXCEPTION 'This transaction may not write to that clinic''s record.';
    END IF;
    INSERT INTO public.audit_readinghead (clinic_id, seq, hash)
        VALUES (chain, 0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM public.audit_readinghead WHERE clinic_id = chain FOR UPDATE;
    next_hash := sha256(head.hash || convert_to((head.seq + 1)::text, 'UTF8') || convert_to(body, 'UTF8'));
    INSERT INTO public.audit_reading
        (id, clinic_id, seq, at, page, by_id, about_id, patients, body, hash)
        VALUES (new_id, chain, head.seq + 1, moment, page, by_id, about, seen, body, next_hash);
    UPDATE public.audit_readinghead SET seq = head.seq + 1, hash = next_hash WHERE clinic_id = chain;
    RETURN head.seq + 1;
END
""",
    why="Adds one opening of records to the readings of the clinic whose context is open, and to no other.",
    tables={"audit_reading": "SELECT, INSERT, UPDATE", "audit_readinghead": "SELECT, INSERT, UPDATE"},
    reads_only=False,
)
UNSCOPED = (LINK, APPEND, APPEND_TO_INSTALLATION, READ)

"""The record's half in the database: one function adds an event, and nothing else can."""

APPEND_SQL = """
REVOKE INSERT, UPDATE, DELETE ON audit_event, audit_head FROM openkap_app;
GRANT SELECT, INSERT, UPDATE ON audit_event, audit_head TO openkap_gate;

CREATE FUNCTION audit_link(
    new_id uuid, chain uuid, moment timestamptz, verb text, by_id uuid, patient uuid, body text
) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
END $$;

CREATE FUNCTION audit_append(
    new_id uuid, chain uuid, moment timestamptz, verb text, by_id uuid, patient uuid, body text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF public.ctx_clinic() IS DISTINCT FROM chain THEN
        RAISE EXCEPTION 'This transaction may not write to that clinic''s record.';
    END IF;
    RETURN public.audit_link(new_id, chain, moment, verb, by_id, patient, body);
END $$;

CREATE FUNCTION audit_append_house(
    new_id uuid, moment timestamptz, verb text, by_id uuid, body text
) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT public.audit_link(
        new_id, '00000000-0000-0000-0000-000000000000', moment, verb, by_id, NULL, body)
$$;

REVOKE ALL ON FUNCTION audit_link(uuid, uuid, timestamptz, text, uuid, uuid, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_append(uuid, uuid, timestamptz, text, uuid, uuid, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_append_house(uuid, timestamptz, text, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_append(uuid, uuid, timestamptz, text, uuid, uuid, text) TO openkap_app;
GRANT EXECUTE ON FUNCTION audit_append_house(uuid, timestamptz, text, uuid, text) TO openkap_app;
GRANT CREATE ON SCHEMA public TO openkap_gate;
ALTER FUNCTION audit_link(uuid, uuid, timestamptz, text, uuid, uuid, text) OWNER TO openkap_gate;
ALTER FUNCTION audit_append(uuid, uuid, timestamptz, text, uuid, uuid, text) OWNER TO openkap_gate;
ALTER FUNCTION audit_append_house(uuid, timestamptz, text, uuid, text) OWNER TO openkap_gate;
REVOKE CREATE ON SCHEMA public FROM openkap_gate;
"""

READING_SQL = """
REVOKE INSERT, UPDATE, DELETE ON audit_reading, audit_readinghead FROM openkap_app;
GRANT SELECT, INSERT, UPDATE ON audit_reading, audit_readinghead TO openkap_gate;

CREATE FUNCTION audit_read(
    new_id uuid, chain uuid, moment timestamptz, page text, by_id uuid, about uuid, seen uuid[], body text
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
END $$;

REVOKE ALL ON FUNCTION audit_read(uuid, uuid, timestamptz, text, uuid, uuid, uuid[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_read(uuid, uuid, timestamptz, text, uuid, uuid, uuid[], text) TO openkap_app;
GRANT CREATE ON SCHEMA public TO openkap_gate;
ALTER FUNCTION audit_read(uuid, uuid, timestamptz, text, uuid, uuid, uuid[], text) OWNER TO openkap_gate;
REVOKE CREATE ON SCHEMA public FROM openkap_gate;
"""

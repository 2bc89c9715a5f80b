"""The database's half of a merge: when a row may go from one person's record to another's.

Only while a merge that two people agreed on, or its undoing, is under way in this transaction, and only
between the two records it names. Both functions run with the caller's rights, so a clinic asks about its
own merges.
"""

MERGES_SQL = """
CREATE FUNCTION people_may_move(was uuid, becomes uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.people_merge m
        WHERE m.under_way
          AND ((m.gone_id = was AND m.kept_id = becomes) OR (m.kept_id = was AND m.gone_id = becomes))
    )
$$;
CREATE FUNCTION people_is_merged_away(person uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.people_merge m
        WHERE m.gone_id = person AND m.confirmed_at IS NOT NULL AND m.undone_at IS NULL
    )
$$;
"""

MERGES_SQL_UNDO = "DROP FUNCTION people_may_move(uuid, uuid); DROP FUNCTION people_is_merged_away(uuid);"

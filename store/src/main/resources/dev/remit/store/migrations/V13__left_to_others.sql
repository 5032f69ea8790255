-- As `take_sessions` of four arguments, which older programs go on using; but without some sessions,
-- which a node leaves to others since only a newer program understands them.
CREATE FUNCTION take_sessions(my_gate bigint, me uuid, moment timestamptz, most int, without uuid[])
    RETURNS TABLE (session_id uuid, session_epoch bigint, session_recoveries int, session_lost boolean)
    LANGUAGE plpgsql AS
$$
DECLARE
    free  int := most;
    got   int;
    level smallint;
BEGIN
    IF NOT EXISTS (SELECT FROM session s WHERE s.ready_at IS NOT NULL)
        AND NOT EXISTS (SELECT FROM session s WHERE s.due <= moment)
        AND NOT EXISTS (SELECT FROM node n JOIN session s ON s.owner = n.incarnation WHERE n.fenced) THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(1919249513, 0);
    PERFORM FROM gate g WHERE g.id = my_gate AND NOT g.fenced FOR SHARE;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    UPDATE session s
    SET owner = NULL, ready_at = s.opened_at, lost = true, recoveries = s.recoveries + 1
    WHERE s.id IN (SELECT o.id FROM node n JOIN session o ON o.owner = n.incarnation WHERE n.fenced
                   LIMIT 500 FOR NO KEY UPDATE OF o SKIP LOCKED);
    UPDATE session s SET ready_at = s.due, due = NULL
    WHERE s.id IN (SELECT d.id FROM session d WHERE d.due <= moment ORDER BY d.due
                   LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED);

    SELECT s.urgency INTO level FROM session s WHERE s.ready_at IS NOT NULL ORDER BY s.urgency LIMIT 1;
    WHILE level IS NOT NULL AND free > 0 LOOP
        RETURN QUERY
        WITH RECURSIVE line AS ( -- one row for each team and agent that waits
            (SELECT s.team, s.definition, s.at_once FROM session s
             WHERE s.ready_at IS NOT NULL AND s.urgency = level
             ORDER BY s.team, s.definition, s.ready_at LIMIT 1)
            UNION ALL
            SELECT n.team, n.definition, n.at_once
            FROM line l CROSS JOIN LATERAL (
                SELECT s.team, s.definition, s.at_once FROM session s
                WHERE s.ready_at IS NOT NULL AND s.urgency = level
                  AND (s.team, s.definition) > (l.team, l.definition)
                ORDER BY s.team, s.definition, s.ready_at LIMIT 1) n),
        agent AS MATERIALIZED (
            SELECT a.definition, CASE WHEN a.at_once IS NULL THEN free ELSE a.at_once - (
                SELECT count(*)::int FROM (SELECT FROM session s
                                           WHERE s.owner IS NOT NULL AND s.definition = a.definition
                                           LIMIT a.at_once) driven) END AS room
            FROM (SELECT l.definition, min(l.at_once) AS at_once FROM line l GROUP BY l.definition) a),
        teams AS MATERIALIZED (SELECT DISTINCT l.team FROM line l),
        team AS MATERIALIZED (
            SELECT t.team, d.driven, coalesce(m.at_once - d.driven, free) AS room,
                   coalesce(v.served, '-infinity') AS served
            FROM teams t
            LEFT JOIN team_limit m ON m.team = t.team
            LEFT JOIN team_turn v ON v.team = t.team
            CROSS JOIN LATERAL (
                SELECT count(*)::int AS driven FROM session s
                WHERE s.owner IS NOT NULL AND s.team = t.team
                  AND (m.at_once IS NOT NULL OR (SELECT count(*) FROM teams) > 1)) d),
        first AS (
            SELECT f.id, f.ready_at, l.team, a.room,
                   row_number() OVER (PARTITION BY l.definition ORDER BY f.ready_at) AS in_agent
            FROM line l JOIN agent a ON a.definition = l.definition AND a.room > 0
            CROSS JOIN LATERAL (
                SELECT s.id, s.ready_at FROM session s
                WHERE s.ready_at IS NOT NULL AND s.urgency = level
                  AND s.team = l.team AND s.definition = l.definition
                  AND s.id <> ALL (without)
                ORDER BY s.ready_at LIMIT least(free, a.room)) f),
        ranked AS (
            SELECT f.id, f.ready_at, f.team,
                   row_number() OVER (PARTITION BY f.team ORDER BY f.ready_at) AS in_team
            FROM first f WHERE f.in_agent <= f.room),
        chosen AS MATERIALIZED (
            SELECT r.id, r.team FROM ranked r JOIN team t ON t.team = r.team AND r.in_team <= t.room
            ORDER BY t.driven + r.in_team, t.served, r.ready_at LIMIT free),
        turned AS (
            INSERT INTO team_turn (team, served)
            SELECT c.team, clock_timestamp() FROM chosen c GROUP BY c.team
            ON CONFLICT (team) DO UPDATE SET served = excluded.served),
        locked AS MATERIALIZED (
            SELECT s.id, s.lost FROM session s
            WHERE s.id IN (SELECT c.id FROM chosen c) AND s.ready_at IS NOT NULL
            ORDER BY s.id FOR NO KEY UPDATE SKIP LOCKED)
        UPDATE session s
        SET epoch = s.epoch + 1, owner = me, ready_at = NULL, due = NULL, waiting = NULL, lost = false
        FROM locked k WHERE s.id = k.id
        RETURNING s.id, s.epoch, s.recoveries, k.lost;
        GET DIAGNOSTICS got = ROW_COUNT;
        free := free - got;
        SELECT s.urgency INTO level FROM session s
        WHERE s.ready_at IS NOT NULL AND s.urgency > level ORDER BY s.urgency LIMIT 1;
    END LOOP;
END
$$;

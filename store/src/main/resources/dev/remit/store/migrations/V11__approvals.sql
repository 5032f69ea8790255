-- Sessions that wait for people. Going idle changes indexed columns anyway, an append does not.
CREATE INDEX session_approval ON session (id)
    WHERE NOT closed AND waiting LIKE '{"for":"approval"%';

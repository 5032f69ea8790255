package dev.remit.store.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What programs rely on of the tables, and what the tables ask of programs: columns, functions,
/// unique indexes, constraints and triggers, each as a line of text.
///
/// @param facts what it says of each, by what it is and of which table
record Shape(Map<Fact, String> facts) {
    private static final String TABLES =
            "c.relnamespace = 'remit'::regnamespace AND c.relkind IN ('r', 'p')"
                    + " AND NOT c.relispartition AND c.relname <> 'flyway_schema_history'";

    /// @param table absent in effect (empty) for a function
    record Fact(String kind, String table, String name) implements Comparable<Fact> {
        @Override
        public int compareTo(Fact other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return kind + " " + (table.isEmpty() ? "" : table + ": ") + name;
        }
    }

    static Shape of(Connection connection) throws SQLException {
        var facts = new TreeMap<Fact, String>();
        add(
                facts,
                connection,
                """
                SELECT 'column', c.relname, a.attname,
                       format_type(a.atttypid, a.atttypmod)
                       || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
                       || CASE WHEN a.attidentity <> '' THEN ' IDENTITY'
                               WHEN d.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
                               ELSE '' END
                FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
                WHERE a.attnum > 0 AND NOT a.attisdropped AND
                """
                        + TABLES);
        add(
                facts,
                connection,
                """
                SELECT 'unique index', c.relname, x.relname, pg_get_indexdef(x.oid)
                FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisunique
                JOIN pg_class x ON x.oid = i.indexrelid WHERE
                """
                        + TABLES);
        add(
                facts,
                connection,
                """
                SELECT CASE k.contype WHEN 'f' THEN 'reference to ' || k.confrelid::regclass::text
                                                    || ' on delete ' || k.confdeltype::text
                                      ELSE 'constraint' END,
                       c.relname, k.conname, pg_get_constraintdef(k.oid)
                FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid
                WHERE k.contype <> 'n' AND
                """
                        + TABLES);
        add(
                facts,
                connection,
                """
                SELECT 'trigger', c.relname, t.tgname, pg_get_triggerdef(t.oid)
                FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid
                WHERE NOT t.tgisinternal AND
                """
                        + TABLES);
        add(
                facts,
                connection,
                """
                SELECT 'function', '', p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
                       pg_get_function_result(p.oid) || ' ' || md5(p.prosrc)
                FROM pg_proc p WHERE p.pronamespace = 'remit'::regnamespace
                """);
        return new Shape(facts);
    }

    private static void add(Map<Fact, String> facts, Connection connection, String sql)
            throws SQLException {
        try (var select = connection.createStatement();
                var row = select.executeQuery(sql)) {
            while (row.next()) {
                facts.put(
                        new Fact(row.getString(1), row.getString(2), row.getString(3)),
                        row.getString(4));
            }
        }
    }

    /// What a program that was written for this shape would stumble over in a later one.
    List<String> brokenBy(Shape later) {
        var broken = new ArrayList<String>();
        facts.forEach((fact, was) -> {
            var is = later.facts.get(fact);
            if (!was.equals(is)) {
                broken.add(fact + ": was " + was + ", is " + (is == null ? "gone" : is));
            }
        });
        later.facts.forEach((fact, is) -> {
            if (!facts.containsKey(fact) && asksForMore(fact, is)) {
                broken.add(fact + ": new, " + is);
            }
        });
        return broken;
    }

    /// Whether what is new refuses something to programs that know nothing of it.
    private boolean asksForMore(Fact fact, String is) {
        if (fact.kind().startsWith("reference to ")) {
            var to = fact.kind().split(" ", -1)[2].replace("remit.", "");
            boolean letsGo = fact.kind().matches(".* on delete [cnd]");
            return has(fact.table()) || has(to) && !letsGo;
        }
        return has(fact.table())
                && (!fact.kind().equals("column")
                        || is.contains(" NOT NULL")
                                && !is.contains(" DEFAULT ")
                                && !is.contains(" IDENTITY"));
    }

    private boolean has(String table) {
        return facts.keySet().stream()
                .anyMatch(f -> f.kind().equals("column") && f.table().equals(table));
    }
}

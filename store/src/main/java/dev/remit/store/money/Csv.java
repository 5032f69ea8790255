package dev.remit.store.money;

import java.util.ArrayList;
import java.util.List;

/// Comma-separated values as RFC 4180 has them: quoted fields, with doubled quotes and line breaks
/// in them. Semicolons and tabs are taken for commas if the first line has more of them.
final class Csv {
    private final String text;
    private final char comma;
    private int at;

    private Csv(String text) {
        this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        this.comma = comma(this.text.lines().findFirst().orElse(""));
    }

    /// The rows with their fields; empty lines are left out.
    static List<List<String>> parse(String text) {
        return new Csv(text).rows();
    }

    private static char comma(String first) {
        char best = ',';
        for (char c : new char[] {';', '\t'}) {
            if (count(first, c) > count(first, best)) {
                best = c;
            }
        }
        return best;
    }

    private static long count(String line, char c) {
        return line.chars().filter(x -> x == c).count();
    }

    private List<List<String>> rows() {
        var rows = new ArrayList<List<String>>();
        while (at < text.length()) {
            var row = row();
            if (row.size() > 1 || !row.getFirst().isBlank()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private List<String> row() {
        var row = new ArrayList<String>();
        while (true) {
            row.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
            if (at >= text.length()) {
                return row;
            }
            char c = text.charAt(at++);
            if (c == '\r' && at < text.length() && text.charAt(at) == '\n') {
                at++;
            }
            if (c != comma) {
                return row;
            }
        }
    }

    private String plain() {
        int from = at;
        while (at < text.length()
                && text.charAt(at) != comma
                && text.charAt(at) != '\n'
                && text.charAt(at) != '\r') {
            at++;
        }
        return text.substring(from, at).strip();
    }

    private String quoted() {
        var field = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c != '"') {
                field.append(c);
            } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
                field.append(c);
                at++;
            } else {
                at++;
                break;
            }
        }
        field.append(plain());
        return field.toString().strip();
    }
}

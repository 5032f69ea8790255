package dev.remit.bench.campaign.witness;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A JSON value, read by the witnesses' own reader. Looking for what is not there gives nothing,
/// the empty text, zero or false.
public final class Tree {
    private static final Tree MISSING = new Tree(null);

    private final @Nullable Object value;

    private Tree(@Nullable Object value) {
        this.value = value;
    }

    /// @throws IllegalArgumentException if it is not one JSON value
    public static Tree parse(String text) {
        return new Reader(text, new HashMap<>()).whole();
    }

    /// @param seen short texts of earlier values, each of which is kept once; grows
    static Tree parse(String text, Map<String, String> seen) {
        return new Reader(text, seen).whole();
    }

    /// Writes maps, lists, texts, numbers, truth values, trees and null.
    public static String write(@Nullable Object value) {
        var out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    public boolean isMissing() {
        return value == null;
    }

    public boolean isMap() {
        return value instanceof Map;
    }

    public Tree at(String name) {
        var found = value instanceof Map<?, ?> map ? map.get(name) : null;
        return found instanceof Tree tree ? tree : MISSING;
    }

    public Set<String> names() {
        var names = new java.util.LinkedHashSet<String>();
        if (value instanceof Map<?, ?> map) {
            map.keySet().forEach(name -> names.add(String.valueOf(name)));
        }
        return names;
    }

    public List<Tree> items() {
        var items = new ArrayList<Tree>();
        if (value instanceof List<?> list) {
            list.forEach(item -> items.add(item instanceof Tree tree ? tree : MISSING));
        }
        return items;
    }

    public String text() {
        return value instanceof String text ? text : "";
    }

    public boolean isText() {
        return value instanceof String;
    }

    public long number() {
        return value instanceof Number number ? number.longValue() : 0;
    }

    public boolean truth() {
        return Boolean.TRUE.equals(value);
    }

    /// The same as a text, whatever it is.
    @Override
    public String toString() {
        return write(this);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tree tree && Objects.equals(value, tree.value);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(value);
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case Tree tree -> write(tree.value, out);
            case Map<?, ?> map -> {
                out.append('{');
                map.forEach((name, item) -> {
                    comma(out, '{');
                    quote(String.valueOf(name), out);
                    write(item, out.append(':'));
                });
                out.append('}');
            }
            case Iterable<?> list -> {
                out.append('[');
                list.forEach(item -> {
                    comma(out, '[');
                    write(item, out);
                });
                out.append(']');
            }
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> quote(value.toString(), out);
        }
    }

    private static void comma(StringBuilder out, char open) {
        if (out.charAt(out.length() - 1) != open) {
            out.append(',');
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /// One pass over a text.
    private static final class Reader {
        /// Names, kinds, ids and times come again and again; what is longer rarely does.
        private static final int SHORT = 64;

        private static final Tree TRUE = new Tree(true);
        private static final Tree FALSE = new Tree(false);

        private final String text;
        private final Map<String, String> seen;
        private int at;

        Reader(String text, Map<String, String> seen) {
            this.text = text;
            this.seen = seen;
        }

        Tree whole() {
            var value = value();
            skip();
            if (at != text.length()) {
                throw wrong();
            }
            return value;
        }

        private Tree value() {
            skip();
            return switch (peek()) {
                case '{' -> new Tree(map());
                case '[' -> new Tree(list());
                case '"' -> new Tree(string());
                case 't' -> word("true", TRUE);
                case 'f' -> word("false", FALSE);
                case 'n' -> word("null", MISSING);
                default -> new Tree(number());
            };
        }

        private Map<String, Tree> map() {
            var map = new LinkedHashMap<String, Tree>(2);
            at++;
            for (skip(); peek() != '}'; skip()) {
                if (!map.isEmpty()) {
                    take(',');
                    skip();
                }
                var name = string();
                skip();
                take(':');
                map.put(name, value());
            }
            at++;
            return map;
        }

        private List<Tree> list() {
            var list = new ArrayList<Tree>();
            at++;
            for (skip(); peek() != ']'; skip()) {
                if (!list.isEmpty()) {
                    take(',');
                }
                list.add(value());
            }
            at++;
            return list;
        }

        private String string() {
            take('"');
            var out = new StringBuilder();
            while (peek() != '"') {
                char c = text.charAt(at++);
                out.append(c == '\\' ? escaped() : c);
            }
            at++;
            var read = out.toString();
            return read.length() > SHORT ? read : seen.computeIfAbsent(read, same -> same);
        }

        private char escaped() {
            char c = peek();
            at++;
            return switch (c) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'u' -> {
                    at += 4;
                    yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
                }
                default -> c;
            };
        }

        private Number number() {
            int from = at;
            while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            var digits = text.substring(from, at);
            try {
                return digits.matches("-?\\d{1,18}")
                        ? (Number) Long.valueOf(digits)
                        : Double.valueOf(digits);
            } catch (NumberFormatException e) {
                throw wrong();
            }
        }

        private Tree word(String word, Tree value) {
            if (!text.startsWith(word, at)) {
                throw wrong();
            }
            at += word.length();
            return value;
        }

        private void skip() {
            while (at < text.length() && text.charAt(at) <= ' ') {
                at++;
            }
        }

        private char peek() {
            if (at >= text.length()) {
                throw wrong();
            }
            return text.charAt(at);
        }

        private void take(char wanted) {
            if (peek() != wanted) {
                throw wrong();
            }
            at++;
        }

        private IllegalArgumentException wrong() {
            return new IllegalArgumentException("no JSON at character " + at);
        }
    }
}

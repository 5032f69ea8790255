package dev.remit.core.expression;

import java.util.ArrayList;
import java.util.List;

/// A text taken apart into what stands there as it is and the `${expressions}` between.
sealed interface Parts {
    record Literal(String text) implements Parts {}

    record Expr(String text) implements Parts {}

    /// @throws InvalidExpression if a `${` has no end
    static List<Parts> of(String text) {
        var parts = new ArrayList<Parts>();
        var literal = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            if (text.startsWith("$${", i)) {
                literal.append("${");
                i += 3;
            } else if (text.startsWith("${", i)) {
                int end = end(text, i + 2);
                if (!literal.isEmpty()) {
                    parts.add(new Literal(literal.toString()));
                    literal.setLength(0);
                }
                parts.add(new Expr(text.substring(i + 2, end)));
                i = end + 1;
            } else {
                literal.append(text.charAt(i++));
            }
        }
        if (!literal.isEmpty() || parts.isEmpty()) {
            parts.add(new Literal(literal.toString()));
        }
        return parts;
    }

    /// Where the brace is that ends an expression; braces in maps and texts within it do not.
    private static int end(String text, int from) {
        int open = 0;
        for (int i = from; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '{' -> open++;
                case '}' -> {
                    if (open-- == 0) {
                        return i;
                    }
                }
                case '\'', '"' -> i = endOfText(text, i, from);
                default -> {}
            }
        }
        throw new InvalidExpression(
                List.of(
                        new InvalidExpression.Mistake(
                                1,
                                from - 1,
                                "this `${` is never closed by `}`; a plain one is `$${`")));
    }

    /// The last character of the quoted text that begins here, as CEL reads it: one or three
    /// quotes, a backslash hides the next character unless an `r` stands before.
    private static int endOfText(String text, int start, int from) {
        var quote = text.substring(start, start + 1);
        var quotes = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
        boolean raw = start > from && Character.toLowerCase(text.charAt(start - 1)) == 'r';
        for (int i = start + quotes.length(); i < text.length(); i++) {
            if (text.charAt(i) == '\\' && !raw) {
                i++;
            } else if (text.startsWith(quotes, i)) {
                return i + quotes.length() - 1;
            }
        }
        return text.length();
    }

    /// The text, shortened for an error.
    static String brief(String text) {
        var line = text.strip().replaceAll("\\s+", " ");
        return "`" + (line.length() > 60 ? line.substring(0, 60) + "…" : line) + "`";
    }
}

package dev.remit.core.secret;

import java.util.List;

/// Finds payment card numbers: the lengths and beginnings that issuers use, and the check digit
/// (ISO/IEC 7812). Written whole or in the usual groups.
final class CardNumbers {
    /// Of a card number at least four stand together; any digits hint at these.
    static final String DIGITS = "0000";

    private static final int LEAST = 14;
    private static final int MOST = 16;

    /// How the names of numbers end that are no cards.
    private static final List<String> IDENTIFIERS =
            List.of(
                    "id",
                    "ids",
                    "trace",
                    "span",
                    "ts",
                    "time",
                    "timestamp",
                    "offset",
                    "nanos",
                    "micros",
                    "seq",
                    "sequence",
                    "bytes",
                    "version");

    private CardNumbers() {}

    static void find(String text, Spans spans) {
        for (int i = 0; i < text.length(); i++) {
            if (Chars.isDigit(text.charAt(i))) {
                int run = runEnd(text, i);
                int end = run - i == 4 ? groupsEnd(text, run) : run;
                if (end - i >= LEAST
                        && end - i <= MOST + 3
                        && isCard(digits(text, i, end))
                        && standsAlone(text, i, end)) {
                    spans.add(i, end, "card-number");
                    run = end;
                }
                i = run;
            }
        }
    }

    /// Behind four digits: three groups of four, or the groups of shorter numbers.
    private static int groupsEnd(String text, int first) {
        if (first >= text.length() || (text.charAt(first) != ' ' && text.charAt(first) != '-')) {
            return first;
        }
        char between = text.charAt(first);
        int second = runEnd(text, first + 1);
        if (second >= text.length() || text.charAt(second) != between) {
            return first;
        }
        int third = runEnd(text, second + 1);
        int lengths = (second - first - 1) * 10 + third - second - 1;
        if (lengths == 64 || lengths == 65) {
            return third;
        }
        boolean fourth = lengths == 44 && third < text.length() && text.charAt(third) == between;
        int end = fourth ? runEnd(text, third + 1) : first;
        return end - third == 5 ? end : first;
    }

    private static int runEnd(String text, int from) {
        int i = from;
        while (i < text.length() && Chars.isDigit(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static String digits(String text, int from, int to) {
        return text.substring(from, to).replace(" ", "").replace("-", "");
    }

    private static boolean isCard(String digits) {
        return digits.length() >= LEAST
                && digits.length() <= MOST
                && isIssued(digits)
                && isChecked(digits);
    }

    private static boolean isIssued(String digits) {
        int two = Integer.parseInt(digits.substring(0, 2));
        int four = Integer.parseInt(digits.substring(0, 4));
        return switch (digits.length()) {
            case 16 ->
                    digits.charAt(0) == '4'
                            || (two >= 51 && two <= 55)
                            || (four >= 2221 && four <= 2720)
                            || four == 6011
                            || two == 65
                            || (four >= 6440 && four <= 6499)
                            || (four >= 3528 && four <= 3589)
                            || two == 62;
            case 15 -> two == 34 || two == 37;
            default -> two == 36 || two == 38 || (four >= 3000 && four <= 3059);
        };
    }

    private static boolean isChecked(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = digit * 2;
            sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }

    /// Not a part of a longer id, and not under a name that says it is an id or a time.
    private static boolean standsAlone(String text, int start, int end) {
        if (end < text.length()) {
            char after = text.charAt(end);
            boolean more = end + 1 < text.length() && Chars.isLetterOrDigit(text.charAt(end + 1));
            if (Chars.isLetter(after) || after == '_' || ((after == '-' || after == '.') && more)) {
                return false;
            }
        }
        if (start > 0) {
            char before = text.charAt(start - 1);
            if (!Chars.begins(text, start) || "_.-+".indexOf(before) >= 0) {
                return false;
            }
        }
        int i = start;
        while (i > 0 && start - i < 6 && " =:\"'\\[(".indexOf(text.charAt(i - 1)) >= 0) {
            i--;
        }
        int name = i;
        while (name > 0 && i - name < 40 && Chars.isBase64Url(text.charAt(name - 1))) {
            name--;
        }
        return i == start || !isIdentifier(Chars.lower(text.substring(name, i)));
    }

    private static boolean isIdentifier(String name) {
        return IDENTIFIERS.stream().anyMatch(name::endsWith);
    }
}

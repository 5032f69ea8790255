package dev.remit.core.secret;

import dev.remit.core.secret.SecretNames.Named;
import dev.remit.core.secret.SecretNames.Weight;
import dev.remit.core.secret.SecretValues.Binding;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds values that a text binds to the name of a secret: `password=x`, `api_key: x`,
/// `"client_secret": "x"` at any depth of escaping, `--token x`, `<password>x</password>`, a query
/// string, a connection string, a `name`/`value` pair.
///
/// Every such name holds one of [#STEMS]; only where one stands is the surrounding read, and never
/// further than a fixed distance unless it is taken.
final class Assignments {
    static final List<String> STEMS =
            List.of(
                    "pass",
                    "auth",
                    "dockerc",
                    "pwd",
                    "pw",
                    "secret",
                    "token",
                    "key",
                    "credential",
                    "sig",
                    "sessid",
                    "sessionid",
                    "connect",
                    "masterauth",
                    "wort",
                    "contrase",
                    "senha",
                    "hasło",
                    "wachtwoord",
                    "пароль",
                    "密码",
                    "密碼",
                    "口令",
                    "パスワード",
                    "비밀번호");
    private static final long[] HINTS = STEMS.stream().mapToLong(Hints::bit).toArray();

    private static final int LONGEST_NAME = 100;
    private static final int NEAR = 512;
    private static final int FAR = 16 * 1024;

    private static final Pattern SEPARATOR =
            Pattern.compile(
                    "(?<pair>[\\\\\"'`\\s,][\\\\\"'`\\s,nrt-]{0,60}+value[\\\\\"'`]{0,12}+[ \\t]{0,8}+[:=])"
                            + "|[\\\\\"'`\\]]{0,12}+[ \\t\\u00a0]{0,16}+"
                            + "(?:(?<equals>:?={1,3}+>?|->|＝|%3[dD])|(?<colon>:(?![:/])|：|%3[aA]))"
                            + "(?:[ \\t]{0,16}+[|>][+-]?[ \\t]{0,4}+\\r?\\n)?"
                            + "|(?<tag>>)"
                            + "|(?<prose> (?:is|was|set to|changed to|for (?:user |account )?[^\\s:=]{1,40}+(?: is|:))(?: now)?:?(?= ))"
                            + "|(?<blank>(?=[ \\t]))");

    private final String text;
    private final Spans spans;
    private final Matcher separator;
    private int taken;

    private Assignments(String text, Spans spans) {
        this.text = text;
        this.spans = spans;
        this.separator = SEPARATOR.matcher(text);
    }

    /// @param hints what may be in the text
    static void find(String text, String lower, long hints, Spans spans) {
        Assignments assignments = null;
        for (int i = 0; i < HINTS.length; i++) {
            int at = (hints & HINTS[i]) == 0 ? -1 : lower.indexOf(STEMS.get(i));
            if (at >= 0) {
                assignments = assignments == null ? new Assignments(text, spans) : assignments;
                assignments.find(lower, STEMS.get(i), at);
            }
        }
    }

    private void find(String lower, String stem, int first) {
        taken = 0;
        for (int at = first; at >= 0; at = lower.indexOf(stem, Math.max(nameEnd(at), taken))) {
            look(nameStart(at), nameEnd(at));
        }
    }

    private void look(int start, int end) {
        if (end - start > LONGEST_NAME || !separator.region(end, text.length()).lookingAt()) {
            return;
        }
        int from = afterBlanks(separator.end());
        boolean blank = separator.group("blank") != null;
        if (from >= text.length() || (blank && !mayFollow(start, end, from))) {
            return;
        }
        var named = named(start, end);
        if (named == null || named.kind().equals("authorization")) {
            return; // the latter is read by Headers, which knows its schemes
        }
        if (separator.group("tag") != null) {
            tag(named, start, from);
        } else if (separator.group("colon") == null) {
            boolean prose = separator.group("prose") != null;
            boolean pair = separator.group("pair") != null;
            value(named, pair ? Binding.FIELD : prose ? Binding.PROSE : Binding.ASSIGNED, from);
        } else if (start == 0 || text.charAt(start - 1) != ':') {
            value(named, Binding.COLON, from);
        }
    }

    /// Whether a value may follow a name with nothing but a blank between: `--password x` on a
    /// command line, `requirepass x` in a configuration, `PASSWORD 'x'` in SQL, `login a password
    /// x` in a `.netrc`.
    private boolean mayFollow(int start, int end, int from) {
        if (text.charAt(start) == '-') {
            return text.charAt(from) != '-';
        }
        var name = Chars.lower(text.substring(start, end));
        if (name.equals("password")) {
            var before = text.substring(Math.max(0, start - LONGEST_NAME), start);
            return text.charAt(from) == '\''
                    || before.matches("(?s).*\\blogin\\s{1,8}\\S{1,80}\\s{1,8}");
        }
        return name.equals("requirepass") || name.equals("masterauth") || isMachineMade(from);
    }

    /// `token 8f742231b10e8888abcd`: sixteen letters and digits or more, both of them.
    private boolean isMachineMade(int from) {
        boolean letter = false;
        boolean digit = false;
        int i = from;
        while (i < text.length() && i - from < 64 && Chars.isLetterOrDigit(text.charAt(i))) {
            letter |= Chars.isLetter(text.charAt(i));
            digit |= Chars.isDigit(text.charAt(i));
            i++;
        }
        return i - from >= 16 && letter && digit;
    }

    private @Nullable Named named(int start, int end) {
        var alone = name(start, end);
        boolean isSure = alone != null && alone.weight() != Weight.WORD;
        if (isSure || start < 2 || text.charAt(start - 1) != ' ') {
            return alone;
        }
        int before = nameStart(start - 1); // "api key", "client secret": a name of two words
        return before == start - 1 ? alone : name(before, end);
    }

    private @Nullable Named name(int start, int end) {
        return SecretNames.find(text.substring(start, end));
    }

    private void tag(Named named, int start, int from) {
        int end = text.indexOf('<', from, Math.min(text.length(), from + NEAR));
        if (end > from && start > 0 && "<:".indexOf(text.charAt(start - 1)) >= 0) {
            take(named, Binding.FIELD, from, end);
        }
    }

    private void value(Named named, Binding binding, int from) {
        int open = isListOfTexts(from) ? from + 1 : from;
        int start = open;
        while (open < text.length() && open - start < 8 && text.charAt(open) == '\\') {
            open++;
        }
        if (open < text.length() && Chars.isQuote(text.charAt(open))) {
            var bound = binding == Binding.PROSE ? binding : Binding.FIELD;
            take(named, bound, open + 1, quoteEnd(open + 1, text.charAt(open), open - start));
        } else {
            unquoted(named, binding, from);
        }
    }

    private boolean isListOfTexts(int from) {
        return text.charAt(from) == '['
                && from + 1 < text.length()
                && (Chars.isQuote(text.charAt(from + 1)) || text.charAt(from + 1) == '\\');
    }

    private void unquoted(Named named, Binding binding, int from) {
        int near = Math.min(text.length(), from + NEAR);
        char first = text.charAt(from);
        if (first == '{') {
            int end = text.indexOf('}', from, near);
            if (binding == Binding.ASSIGNED
                    && end > from
                    && "{\"'".indexOf(text.charAt(from + 1)) < 0) {
                take(named, binding, from + 1, end);
            }
            return;
        }
        int end = Unquoted.end(text, from, NEAR);
        if (end - from >= NEAR) {
            spans.add(from, end, named.kind());
            taken = end;
        } else if (!isCall(from, end)) {
            take(named, binding, from, end);
        }
    }

    /// `password = ask(user)` is source code.
    private boolean isCall(int from, int end) {
        return text.charAt(from - 1) == ' '
                && text.indexOf('(', from, end) > 0
                && text.substring(from, end).matches("[A-Za-z_][A-Za-z0-9_.]*+\\(.*+");
    }

    private void take(Named named, Binding binding, int from, int end) {
        if (SecretValues.isSecret(named, binding, text.substring(from, end))) {
            spans.add(from, end, named.kind());
            taken = end;
        }
    }

    /// @param escapes how many backslashes stand before the opening quote: 0, 1, 3, 7 with each
    ///   level of JSON inside JSON
    private int quoteEnd(int from, char quote, int escapes) {
        int period = Integer.highestOneBit(escapes + 1) * 2;
        int backslashes = 0;
        int limit = Math.min(text.length(), from + FAR);
        for (int i = from; i < limit; i++) {
            char c = text.charAt(i);
            if (c == quote && backslashes % period == escapes % period) {
                return i - escapes;
            }
            if (c == '\n') {
                return i;
            }
            backslashes = c == '\\' ? backslashes + 1 : 0;
        }
        return limit;
    }

    private int afterBlanks(int from) {
        int i = from;
        while (i < text.length() && i - from < 16 && Chars.isBlank(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private int nameStart(int at) {
        int i = at;
        while (i > 0 && at - i <= LONGEST_NAME && isName(text.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    private int nameEnd(int at) {
        int i = at;
        while (i < text.length() && isName(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isName(char c) {
        return Chars.isBase64Url(c) || c == '.' || (c > 127 && Character.isLetterOrDigit(c));
    }
}

package dev.remit.core.json;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Regular expressions in RE2 syntax, which never take more than linear time. The number of
/// repetitions is bounded too: RE2 writes `(a{1000}){1000}` out a million times.
public final class Regex {
    private static final int MAX_LENGTH = 2_000;
    private static final long MAX_SIZE = 10_000;

    private static final Recent<String, Pattern> COMPILED = new Recent<>(500);

    private Regex() {}

    /// @throws PatternSyntaxException if it is none, or too large
    public static Pattern compile(String regex) {
        return COMPILED.get(
                regex,
                () -> {
                    if (regex.length() > MAX_LENGTH || size(regex) > MAX_SIZE) {
                        throw new PatternSyntaxException("the regular expression is too large");
                    }
                    return Pattern.compile(regex);
                });
    }

    /// What is wrong with it, or nothing.
    public static @Nullable String fault(String regex) {
        try {
            compile(regex);
            return null;
        } catch (PatternSyntaxException e) {
            return "not a regular expression in RE2 syntax: " + e.getDescription();
        }
    }

    /// The number of characters it has once counted repetitions are written out: an upper bound.
    private static long size(String regex) {
        var outer = new ArrayDeque<Long>();
        long size = 0; // of the group that is being read
        long last = 0; // of its last element, which a repetition would multiply
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            switch (c) {
                case '(' -> {
                    outer.push(size);
                    size = 0;
                    last = 0;
                }
                case ')' -> {
                    last = size;
                    size = (outer.isEmpty() ? 0 : outer.pop()) + last;
                }
                case '{' -> {
                    long times = most(regex, i);
                    size = Math.min(size + last * Math.max(0, times - 1), Integer.MAX_VALUE);
                    last = Math.min(last * Math.max(1, times), Integer.MAX_VALUE);
                }
                case '\\' -> {
                    i++;
                    last = 1;
                    size++;
                }
                default -> {
                    last = 1;
                    size++;
                }
            }
        }
        return size + outer.stream().mapToLong(Long::longValue).sum();
    }

    /// The larger number of `{n}` or `{n,m}`; `{n,}` counts as n + 1; anything else as one.
    private static long most(String regex, int brace) {
        int end = regex.indexOf('}', brace);
        var inside = end < 0 || end - brace > 12 ? "" : regex.substring(brace + 1, end);
        long most = 1;
        for (var part : inside.split(",", -1)) {
            if (!part.isEmpty() && part.chars().allMatch(Character::isDigit)) {
                most = Math.max(most, Long.parseLong(part) + 1);
            }
        }
        return most;
    }
}

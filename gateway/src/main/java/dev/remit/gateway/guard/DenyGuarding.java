package dev.remit.gateway.guard;

import com.google.re2j.Pattern;
import dev.remit.core.json.Regex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Finds words, in any case, and patterns, in linear time.
final class DenyGuarding implements Guarding {
    /// How much of a stream is held back while a pattern may be about to match.
    private static final int PATTERN_WINDOW = 256;

    private final String mask;
    private final List<String> words;
    private final List<Pattern> patterns;
    private final boolean plainWords;

    DenyGuarding(String name, List<String> words, List<String> patterns) {
        this.mask = "[masked:" + name + "]";
        this.words =
                words.stream().filter(word -> !word.isEmpty()).map(DenyGuarding::folded).toList();
        this.patterns = patterns.stream().map(Regex::compile).toList();
        this.plainWords = this.words.stream().allMatch(DenyGuarding::isPlain);
    }

    /// Whether a word looks the same in JSON.
    private static boolean isPlain(String word) {
        return word.chars()
                .allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '/');
    }

    @Override
    public boolean isClean(String raw, boolean escaped) {
        if (escaped || !plainWords || !patterns.isEmpty()) {
            return words.isEmpty() && patterns.isEmpty();
        }
        var folded = folded(raw);
        return words.stream().noneMatch(folded::contains);
    }

    @Override
    public List<Found> find(String field, String text) {
        var found = new ArrayList<Found>();
        if (!words.isEmpty()) {
            var folded = folded(text);
            for (int word = 0; word < words.size(); word++) {
                find(folded, words.get(word), "word " + (word + 1), found);
            }
        }
        for (int i = 0; i < patterns.size(); i++) {
            var matcher = patterns.get(i).matcher(text);
            for (int at = 0; at <= text.length() && matcher.find(at); ) {
                int end = matcher.end();
                if (end > matcher.start()) {
                    found.add(new Found(matcher.start(), end, "pattern " + (i + 1), mask));
                }
                at = Math.max(end, at + 1);
            }
        }
        return found.size() < 2 ? found : apart(found);
    }

    private void find(String folded, String word, String what, List<Found> found) {
        for (int at = folded.indexOf(word);
                at >= 0;
                at = folded.indexOf(word, at + word.length())) {
            found.add(new Found(at, at + word.length(), what, mask));
        }
    }

    /// In order; those that overlap become one.
    private static List<Found> apart(List<Found> found) {
        found.sort(Comparator.comparingInt(Found::start));
        var apart = new ArrayList<Found>();
        for (var next : found) {
            var last = apart.isEmpty() ? null : apart.getLast();
            if (last == null || next.start() >= last.end()) {
                apart.add(next);
            } else if (next.end() > last.end()) {
                apart.set(
                        apart.size() - 1,
                        new Found(last.start(), next.end(), last.what(), last.mask()));
            }
        }
        return apart;
    }

    /// The beginning of a word at the very end; with patterns, a window.
    @Override
    public int open(String text, int from) {
        int open = text.length();
        var folded = words.isEmpty() ? "" : folded(text);
        for (var word : words) {
            int start = Math.max(from, text.length() - word.length() + 1);
            while (start < open && !word.startsWith(folded.substring(start))) {
                start++;
            }
            open = Math.min(open, start);
        }
        if (!patterns.isEmpty()) {
            open = Math.min(open, Math.max(from, text.length() - PATTERN_WINDOW));
        }
        return open;
    }

    /// In lower case, with every character where it was.
    static String folded(String text) {
        char[] chars = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char low =
                    c < 0x80
                            ? (c >= 'A' && c <= 'Z' ? (char) (c + 32) : c)
                            : Character.toLowerCase(Character.toUpperCase(c));
            if (low != c) {
                if (chars == null) {
                    chars = text.toCharArray();
                }
                chars[i] = low;
            }
        }
        return chars == null ? text : new String(chars);
    }
}

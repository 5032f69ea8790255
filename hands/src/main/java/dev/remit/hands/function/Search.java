package dev.remit.hands.function;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// Ranked search for words. A place is a few lines of a file; it ranks by how many of the words it
/// has, how rare they are, and whether the heading above or the path has them too.
final class Search {
    /// @param line from 1
    /// @param text that line and those around it, bounded
    record Place(String path, int line, String text) {}

    private static final int MOST_WORDS = 32;
    private static final int BEFORE = 1;
    private static final int AFTER = 4;
    private static final int LONGEST_TEXT = 600;
    private static final int MOST_CHARACTERS = 16 << 20;
    private static final double LIKE = 0.6;
    private static final double ABOVE = 0.5;

    private final List<String> words;
    private final Map<String, Integer> exact = new HashMap<>();

    Search(String query) {
        words = Words.of(query).stream().distinct().limit(MOST_WORDS).toList();
        for (int i = 0; i < words.size(); i++) {
            exact.put(words.get(i), i);
        }
    }

    /// A line that has some of the words.
    private static final class Line {
        private final int number;
        private final double[] weights;

        /// Of the headings above, and of the path.
        private final double[] above;

        Line(int number, double[] weights, double[] above) {
            this.number = number;
            this.weights = weights;
            this.above = above;
        }
    }

    private record Found(String path, int line, double score) {}

    /// The best places first. The order depends on nothing but the files and the query.
    List<Place> in(SortedMap<String, String> files, int limit) {
        if (words.isEmpty()) {
            return List.of();
        }
        var hits = new HashMap<String, List<Line>>();
        var lines = new int[words.size()];
        int total = 0;
        int characters = 0;
        for (var file : files.entrySet()) {
            characters += file.getValue().length();
            if (characters > MOST_CHARACTERS) {
                break;
            }
            var found = lines(file.getKey(), file.getValue());
            hits.put(file.getKey(), found);
            total += (int) file.getValue().lines().count();
            for (var line : found) {
                for (int w = 0; w < lines.length; w++) {
                    lines[w] += line.weights[w] > 0 ? 1 : 0;
                }
            }
        }
        var rarity = rarity(lines, total);
        var ranked = new ArrayList<Found>();
        hits.forEach((path, found) -> rank(path, found, rarity, ranked));
        ranked.sort(
                Comparator.comparingDouble(Found::score)
                        .reversed()
                        .thenComparing(Found::path)
                        .thenComparingInt(Found::line));
        return best(ranked, files, limit);
    }

    private List<Line> lines(String path, String text) {
        var found = new ArrayList<Line>();
        var above = weights(path);
        var number = 0;
        for (var line : (Iterable<String>) text.lines()::iterator) {
            number++;
            var weights = weights(line);
            if (line.startsWith("#")) {
                above = sum(weights(path), weights);
            }
            if (Arrays.stream(weights).anyMatch(w -> w > 0)) {
                found.add(new Line(number, weights, above));
            }
        }
        return found;
    }

    private double[] weights(String line) {
        var weights = new double[words.size()];
        for (var word : Words.of(line)) {
            var same = exact.get(word);
            if (same != null) {
                weights[same] += 1;
                continue;
            }
            for (int w = 0; w < weights.length; w++) {
                if (areLike(words.get(w), word)) {
                    weights[w] += LIKE;
                }
            }
        }
        return weights;
    }

    /// `restart` finds `restarted`, `queues` finds `queue`.
    private static boolean areLike(String a, String b) {
        var longer = a.length() > b.length() ? a : b;
        var shorter = a.length() > b.length() ? b : a;
        return shorter.length() >= 4
                && longer.length() - shorter.length() <= 3
                && longer.startsWith(shorter);
    }

    private static double[] rarity(int[] lines, int total) {
        var rarity = new double[lines.length];
        for (int w = 0; w < lines.length; w++) {
            rarity[w] = Math.log(1 + (total + 1.0) / (lines[w] + 1.0));
        }
        return rarity;
    }

    private static void rank(String path, List<Line> found, double[] rarity, List<Found> into) {
        for (int i = 0; i < found.size(); i++) {
            var first = found.get(i);
            var weights = first.weights;
            for (int j = i + 1; j < found.size(); j++) {
                if (found.get(j).number > first.number + AFTER) {
                    break;
                }
                weights = sum(weights, found.get(j).weights);
            }
            double score = 0;
            for (int w = 0; w < weights.length; w++) {
                // a word that is there often says little more than one that is there
                score += rarity[w] * (weights[w] * 2 / (weights[w] + 1));
                score += rarity[w] * ABOVE * Math.min(1, first.above[w]);
                score += rarity[w] * ABOVE * Math.min(1, first.weights[w]);
            }
            into.add(new Found(path, first.number, score));
        }
    }

    private static List<Place> best(
            List<Found> ranked, SortedMap<String, String> files, int limit) {
        var places = new ArrayList<Place>();
        var texts = new HashMap<String, List<String>>();
        for (var found : ranked) {
            boolean covered =
                    places.stream()
                            .anyMatch(p ->
                                    p.path().equals(found.path())
                                            && Math.abs(p.line() - found.line()) <= AFTER);
            if (covered) {
                continue;
            }
            var lines =
                    texts.computeIfAbsent(
                            found.path(), p -> files.getOrDefault(p, "").lines().toList());
            places.add(new Place(found.path(), found.line(), around(lines, found.line())));
            if (places.size() == limit) {
                break;
            }
        }
        return places;
    }

    private static String around(List<String> lines, int line) {
        var text = new StringBuilder();
        int from = Math.max(0, line - 1 - BEFORE);
        for (int i = from; i < Math.min(lines.size(), line + AFTER); i++) {
            var next = lines.get(i);
            int room = LONGEST_TEXT - text.length();
            if (next.length() > room && i >= line) {
                break;
            }
            text.append(
                    next, 0, Knowledge.end(next, Math.max(100, Math.min(room, LONGEST_TEXT / 2))));
            text.append('\n');
        }
        return text.toString().stripTrailing();
    }

    private static double[] sum(double[] a, double[] b) {
        var sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }
}

package dev.remit.core.secret;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The places of a text that hold secrets. Overlapping ones become one, named by the first added.
final class Spans {
    private static final String OPEN = "[redacted:";

    /// Every kind there is. A mark of another kind is no mark: it could hide a secret.
    private static final Set<String> KINDS =
            Set.of(
                    ("secret password token api-key private-key signature session cookie authorization"
                                    + " connection-string card-number too-deep jwt aws-key aws-secret"
                                    + " azure-secret github-token gitlab-token slack-token webhook"
                                    + " stripe-key anthropic-key openai-key google-key google-token"
                                    + " google-secret npm-token pypi-token twilio-key sendgrid-key"
                                    + " mailgun-key vault-token docker-token digitalocean-token"
                                    + " huggingface-token groq-key nvidia-key xai-key replicate-token"
                                    + " shopify-token databricks-token grafana-token linear-key"
                                    + " atlassian-token newrelic-key square-token age-key"
                                    + " remit-key telegram-token password-hash bearer basic apikey negotiate"
                                    + " ntlm key ssws dpop hmac splunk bot")
                            .split(" "));

    private static final int LONGEST_KIND =
            KINDS.stream().mapToInt(String::length).max().orElseThrow();

    private record Span(int start, int end, String kind, int rank) {}

    private final String text;
    private @Nullable List<int[]> marks;
    private List<Span> spans = List.of();

    Spans(String text) {
        this.text = text;
    }

    static String mark(String kind) {
        return OPEN + kind + "]";
    }

    /// @return the end of the mark that begins at a position, or -1 if none does
    static int markEnd(String text, int at) {
        if (!text.startsWith(OPEN, at)) {
            return -1;
        }
        int from = at + OPEN.length();
        int end = text.indexOf(']', from, Math.min(text.length(), from + LONGEST_KIND + 1));
        return end > 0 && KINDS.contains(text.substring(from, end)) ? end + 1 : -1;
    }

    /// Notes a secret, unless what lies there was redacted before.
    void add(int start, int end, String kind) {
        if (!KINDS.contains(kind)) {
            throw new IllegalArgumentException("no such kind of secret: " + kind);
        }
        var marks = marks();
        int from = start;
        int to = end;
        boolean touches = false;
        for (int m = firstMarkEndingAfter(start); m < marks.size(); m++) {
            var mark = marks.get(m);
            if (mark[0] >= end) {
                break;
            }
            touches = true;
            from = Math.min(from, mark[0]);
            to = Math.max(to, mark[1]);
        }
        if (from < to && (!touches || holdsMoreThanMarks(start, end))) {
            spans = spans.isEmpty() ? new ArrayList<>() : spans;
            spans.add(new Span(from, to, kind, spans.size()));
        }
    }

    String replace() {
        if (spans.isEmpty()) {
            return text;
        }
        var out = new StringBuilder(text.length());
        int done = 0;
        for (var found : found()) {
            out.append(text, done, found.start()).append(mark(found.kind()));
            done = found.end();
        }
        return out.append(text, done, text.length()).toString();
    }

    /// In order, and apart.
    List<PatternRedactor.Found> found() {
        if (spans.isEmpty()) {
            return List.of();
        }
        spans.sort(Comparator.comparingInt(Span::start));
        var found = new ArrayList<PatternRedactor.Found>();
        for (int i = 0; i < spans.size(); ) {
            var first = spans.get(i);
            var named = first;
            int end = first.end();
            for (i++; i < spans.size() && spans.get(i).start() < end; i++) {
                var next = spans.get(i);
                end = Math.max(end, next.end());
                named = next.rank() < named.rank() ? next : named;
            }
            found.add(new PatternRedactor.Found(first.start(), end, named.kind()));
        }
        return found;
    }

    private boolean holdsMoreThanMarks(int start, int end) {
        var marks = marks();
        int i = start;
        int m = firstMarkEndingAfter(start);
        while (i < end) {
            if (m < marks.size() && marks.get(m)[0] <= i) {
                i = marks.get(m)[1];
                m++;
            } else if (Character.isLetterOrDigit(text.charAt(i))) {
                return true;
            } else {
                i++;
            }
        }
        return false;
    }

    private int firstMarkEndingAfter(int position) {
        var marks = marks();
        int low = 0;
        int high = marks.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (marks.get(middle)[1] > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// Found when the first secret is: most texts hold none.
    private List<int[]> marks() {
        var known = marks;
        if (known == null) {
            known = marks(text);
            marks = known;
        }
        return known;
    }

    private static List<int[]> marks(String text) {
        var found = new ArrayList<int[]>();
        for (int i = text.indexOf(OPEN); i >= 0; i = text.indexOf(OPEN, i + 1)) {
            int end = markEnd(text, i);
            if (end > 0) {
                found.add(new int[] {i, end});
            }
        }
        return found;
    }
}

package dev.remit.hands.fake;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// What the server does with one request.
///
/// @param happens whether the effect takes place; it does before anything is answered
/// @param delay before the answer, after the effect
/// @param status of the answer; 0: none, the connection is cut
/// @param half the answer breaks off in the middle
public record Behaviour(
        boolean happens,
        Duration delay,
        int status,
        Map<String, String> headers,
        String body,
        boolean half) {
    public Behaviour {
        headers = Map.copyOf(headers);
    }

    /// The effect takes place and the answer says so.
    public static Behaviour done() {
        return answer(true, 200, "{\"ok\":true}");
    }

    /// Nothing takes place, and the answer says why.
    public static Behaviour refused(int status) {
        return answer(false, status, "{\"error\":\"refused\"}");
    }

    /// The effect takes place, and the answer says that something failed.
    public static Behaviour failedAfter(int status) {
        return answer(true, status, "{\"error\":\"failed\"}");
    }

    /// Nothing takes place, and no answer comes.
    public static Behaviour cutBefore() {
        return answer(false, 0, "");
    }

    /// The effect takes place, and no answer comes.
    public static Behaviour cutAfter() {
        return answer(true, 0, "");
    }

    public static Behaviour answer(boolean happens, int status, String body) {
        return new Behaviour(
                happens,
                Duration.ZERO,
                status,
                Map.of("Content-Type", "application/json"),
                body,
                false);
    }

    public Behaviour after(Duration time) {
        return new Behaviour(happens, time, status, headers, body, half);
    }

    public Behaviour broken() {
        return new Behaviour(happens, delay, status, headers, body, true);
    }

    public Behaviour header(String name, String value) {
        var more = new HashMap<>(headers);
        more.put(name, value);
        return new Behaviour(happens, delay, status, more, body, half);
    }

    /// By name, as a request's `?behave=` and the command line give it: `done`, `cut-before`,
    /// `cut-after`, `refused-429`, `failed-500`, `slow-250` (milliseconds).
    ///
    /// @throws IllegalArgumentException if there is none of that name
    public static Behaviour named(String name) {
        var parts = name.toLowerCase(Locale.ROOT).split("-", 2);
        return switch (parts[0]) {
            case "done" -> done();
            case "cut" -> parts[1].equals("before") ? cutBefore() : cutAfter();
            case "refused" -> refused(Integer.parseInt(parts[1]));
            case "failed" -> failedAfter(Integer.parseInt(parts[1]));
            case "slow" -> done().after(Duration.ofMillis(Long.parseLong(parts[1])));
            default -> throw new IllegalArgumentException("no behaviour is named " + name);
        };
    }
}

package dev.remit.bench.campaign.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a campaign without a fault wrote down: one session of two steps, a message, and a call of a
/// program. Tests take it and spoil one thing.
final class Folder {
    static final String ID = "01a1feb4-b13e-78f8-a974-c310c912dca4";

    private final Path path;

    Folder(Path path) throws IOException {
        this.path = path;
        write("plan.json", "{\"seed\":1,\"nodes\":3,\"faults\":[]}");
        write(
                "clients.jsonl",
                "{\"what\":\"key\",\"name\":\"money-1\",\"id\":\"k1\",\"limit\":1000}",
                "{\"what\":\"wish\",\"wish\":\"w-1\",\"kind\":\"clerk\"}",
                "{\"what\":\"accepted\",\"wish\":\"w-1\",\"id\":\"ID\",\"node\":1,\"status\":201}",
                "{\"what\":\"said\",\"id\":\"ID\",\"n\":5,\"status\":202}",
                "{\"what\":\"answer\",\"mark\":\"money-1\",\"model\":\"m1-3\",\"call\":\"c3\"}");
        write(
                "effects.jsonl",
                "{\"key\":\"ID:1.0\",\"path\":\"/once\",\"n\":1,\"step\":0,\"end\":\"done\"}",
                "{\"key\":\"ID:1.1\",\"path\":\"/again\",\"n\":1,\"step\":1,\"end\":\"done\"}",
                "{\"key\":\"ID:1.1\",\"path\":\"/again\",\"n\":1,\"step\":1,\"end\":\"known\"}");
        write(
                "invoice.jsonl",
                "{\"serial\":1,\"mark\":\"w-1\",\"input\":20,\"output\":5,\"micros\":40}",
                "{\"serial\":2,\"mark\":\"w-1\",\"input\":30,\"output\":5,\"micros\":50}",
                "{\"serial\":3,\"mark\":\"money-1\",\"input\":20,\"output\":5,\"micros\":40}");
        write("sessions.jsonl", session("closed", "\"stop_reason\":\"completed\","));
        write(
                "events.jsonl",
                event(1, 0, "opened\",\"input\":{\"n\":1,\"mark\":\"w-1\",\"plan\":\"oa\"}"),
                event(2, 1, "model_called\",\"turn\":1"),
                event(3, 1, "model_replied\",\"turn\":1"),
                started(4, "1.0", 0, false),
                started(5, "1.1", 1, true),
                ended(6, "1.0", "done"),
                ended(7, "1.1", "done"),
                event(
                        8,
                        2,
                        "received\",\"position\":1,\"mail\":{\"mail\":\"message\",\"text\":\"say-5\"}"),
                event(9, 2, "model_called\",\"turn\":2"),
                event(10, 2, "model_replied\",\"turn\":2"),
                event(11, 2, "closed\",\"reason\":\"completed\""));
        write("ledger.jsonl", row(1, 40), row(2, 50), row(3, 40));
        write(
                "budgets.jsonl",
                "{\"scope\":\"key:k1\",\"limit_micros\":1000,\"spent_micros\":40,\"held_micros\":900}");
    }

    static String session(String status, String more) {
        return "{\"id\":\"ID\",\"status\":200,\"said\":{\"id\":\"ID\",\"agent\":\"clerk\",\"status\":\""
                + status
                + "\","
                + more
                + "\"outcome\":{\"status\":\"good\"},\"head\":11,\"output\":"
                + "{\"n\":1,\"told\":[0,1],\"sum\":27,\"heard\":[5]}}}";
    }

    /// @param rest the type and what follows it, without the last brace
    static String event(int seq, int epoch, String rest) {
        return "{\"session\":\"ID\",\"seq\":%d,\"epoch\":%d,\"event\":{\"type\":\"%s}}"
                .formatted(seq, epoch, rest.contains("\"") ? rest : rest + "\"");
    }

    static String started(int seq, String action, int step, boolean idempotent) {
        return event(
                seq,
                1,
                "action_started\",\"action\":\"%s\",\"arguments\":{\"n\":1,\"step\":%d},\"idempotency_key\":\"ID:%s\",\"idempotent\":%s"
                        .formatted(action, step, action, idempotent));
    }

    static String ended(int seq, String action, String end) {
        return event(
                seq,
                1,
                "action_ended\",\"action\":\"%s\",\"end\":{\"end\":\"%s\"}".formatted(action, end));
    }

    static String row(int serial, int micros) {
        return "{\"end\":\"answered\",\"answered\":\"m1-%d\",\"cost_micros\":%d,\"certain\":true}"
                .formatted(serial, micros);
    }

    private void write(String file, String... lines) throws IOException {
        Files.write(
                path.resolve(file),
                List.of(lines).stream().map(line -> line.replace("ID", ID)).toList());
    }

    /// Spoils it: each line that holds `old` has `fresh` in its place.
    Folder change(String file, String old, String fresh) throws IOException {
        var before = Files.readString(path.resolve(file));
        var after = before.replace(old.replace("ID", ID), fresh.replace("ID", ID));
        if (after.equals(before)) {
            throw new IllegalArgumentException(old + " is not in " + file);
        }
        Files.writeString(path.resolve(file), after);
        return this;
    }

    /// Spoils it: the lines that hold this are gone.
    Folder without(String file, String part) throws IOException {
        var lines = Files.readAllLines(path.resolve(file));
        var left = lines.stream().filter(l -> !l.contains(part.replace("ID", ID))).toList();
        if (left.size() == lines.size()) {
            throw new IllegalArgumentException(part + " is not in " + file);
        }
        Files.write(path.resolve(file), left);
        return this;
    }

    /// Spoils it: one more line.
    Folder with(String file, String line) throws IOException {
        var lines = new java.util.ArrayList<>(Files.readAllLines(path.resolve(file)));
        lines.add(line.replace("ID", ID));
        Files.write(path.resolve(file), lines);
        return this;
    }

    Verdict verdict() throws IOException {
        return Checker.check(path);
    }
}

package dev.remit.store.session;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.session.SessionLog.Answer;
import dev.remit.core.tool.Ended;
import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseAddress;
import dev.remit.store.database.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A second process for tests that stop or kill one.
public final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    private Child(Process process) {
        this.process = process;
        this.lines = process.inputReader(StandardCharsets.UTF_8);
    }

    static Child start(String... arguments) throws IOException {
        return start(Child.class, arguments);
    }

    /// @param main whose `main` it runs
    public static Child start(Class<?> main, String... arguments) throws IOException {
        var command =
                new java.util.ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        command.addAll(List.of(arguments));
        return new Child(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    public long pid() {
        return process.pid();
    }

    public String line() throws IOException {
        return lines.readLine();
    }

    public void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    public static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/kill", "-" + name, Long.toString(pid)).start().waitFor();
    }

    /// What it said before can still be read.
    public void kill() throws IOException, InterruptedException {
        signal("KILL", pid());
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /// `own HOME`: appends for ever to a database of its own. `zombie URL`: claims a session, waits
    /// to be told to go on, and appends what it may no longer.
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "own" -> own(Path.of(args[1]));
            case "zombie" -> zombie(DatabaseAddress.parse(args[1]), SessionId.parse(args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void own(Path home) {
        var server = EmbeddedPostgres.start(home);
        var log = PostgresSessionLog.join(Database.open(server.address()), "own", true);
        var id = Sample.open(log);
        var fence = Sample.claim(log, id);
        System.out.println(server.pid() + " " + id);
        for (long head = 1; ; head++) {
            var append = Sample.keep(log, fence, head, Sample.started((int) head, "step " + head));
            if (!(log.append(append) instanceof Answer.Appended)) {
                return;
            }
            System.out.println(head + 1);
        }
    }

    private static void zombie(DatabaseAddress address, SessionId id) throws IOException {
        var log =
                PostgresSessionLog.join(
                        Database.open(address), "zombie", true, Duration.ofSeconds(2));
        var fence = Sample.claim(log, id);
        System.out.println("claimed");
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        in.readLine();
        for (int i = 0; i < 5; i++) {
            System.out.println(
                    log.append(Sample.keep(log, fence, 1, Sample.started(1, "from the zombie")))
                            .getClass()
                            .getSimpleName());
        }
        System.out.println(log.claim(id).getClass().getSimpleName());
        Sql.await(() -> !log.mayStart());
        log.keep(id, new ActionId("1.1"), 1, new Ended.Unknown("the zombie knew"));
        System.out.println("kept");
    }
}

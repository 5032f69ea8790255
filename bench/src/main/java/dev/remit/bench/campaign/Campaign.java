package dev.remit.bench.campaign;

import dev.remit.bench.campaign.check.Checker;
import dev.remit.bench.campaign.check.Verdict;
import dev.remit.bench.campaign.witness.Journal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;

/// `remit campaign`: breaks whatever can be broken, then asks those who saw it what became of it.
public final class Campaign {
    static final int GOOD = 0;
    static final int FOUND = 1;
    static final int USAGE = 2;
    static final int TROUBLE = 6;

    private Campaign() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    /// @return the exit code
    public static int run(String[] arguments, PrintStream out, PrintStream err) {
        if (List.of(arguments).contains("--help") || List.of(arguments).contains("-h")) {
            out.print(Wish.USAGE);
            return GOOD;
        }
        try {
            var wish = Wish.parse(arguments);
            return wish.check() != null ? check(wish.check(), out) : run(wish, out);
        } catch (Wish.Wrong e) {
            err.println("campaign: " + e.getMessage());
            err.print(Wish.USAGE);
            return USAGE;
        } catch (IOException e) {
            err.println("campaign: " + e.getMessage());
            return TROUBLE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return TROUBLE;
        }
    }

    private static int check(Path folder, PrintStream out) throws IOException {
        var verdict = Checker.check(folder);
        out.print(verdict.report());
        out.println("campaign: %s".formatted(verdict.line()));
        return verdict.isGood() ? GOOD : FOUND;
    }

    private static int run(Wish wish, PrintStream out) throws IOException, InterruptedException {
        var folder = folder(wish);
        var stage = new Stage(wish, folder, out);
        stage.play();
        var verdict = Checker.check(folder);
        var ran = stage.builds().report();
        Files.writeString(folder.resolve("verdict.txt"), ran + verdict.report());
        picture(stage.plan(), folder, stage.began(), verdict);
        out.print(ran + verdict.report());
        out.println(line(stage.plan(), verdict));
        if (!verdict.isGood()) {
            failed(wish, folder, out);
            return FOUND;
        }
        if (wish.keep() == null) {
            delete(folder);
        } else {
            out.println("campaign: kept in " + folder + "; timeline.svg shows it");
        }
        return GOOD;
    }

    /// The one line that says it all.
    static String line(Plan plan, Verdict verdict) {
        return "campaign seed %d: %d faults, %s"
                .formatted(plan.seed(), plan.faults().size(), verdict.line());
    }

    private static void failed(Wish wish, Path folder, PrintStream out) {
        out.println("campaign: everything is kept in " + folder);
        out.println("  what was found      verdict.txt");
        out.println("  what was broken     timeline.txt, timeline.svg");
        out.println("  journals, answers   *.jsonl (grep for a session's id)");
        out.println("  logs                postgres.log, node-*/output.log, node-*/home/log");
        out.println("judge it once more    ./remit campaign --check " + folder);
        out.println(
                "the same plan again   ./remit campaign --seed %d --minutes %s --nodes %d%s%s%s"
                        .formatted(
                                wish.seed(),
                                wish.minutes(),
                                wish.nodes(),
                                wish.namespaces() ? "" : " --no-netns",
                                wish.beside() == null ? "" : " --beside FOLDER",
                                wish.rolling() ? " --rolling" : ""));
    }

    private static void picture(Plan plan, Path folder, long began, Verdict verdict)
            throws IOException {
        var effects = Journal.read(folder.resolve("effects.jsonl"));
        Files.writeString(
                folder.resolve("timeline.svg"),
                Timeline.svg(plan, effects, began, line(plan, verdict)));
    }

    /// Others must be able to go through it: PostgreSQL does not run as root.
    private static Path folder(Wish wish) throws IOException {
        var keep = wish.keep();
        if (keep != null && Files.exists(keep.resolve("clients.jsonl"))) {
            throw new IOException(keep + " holds another campaign; name an empty folder");
        }
        var folder =
                keep == null
                        ? Files.createTempDirectory("remit-campaign-")
                        : Files.createDirectories(keep);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder;
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}

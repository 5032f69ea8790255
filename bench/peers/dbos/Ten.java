import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// DBOS as a peer of `bench sessions`: ten durable steps of 1 KB each, by its own library on
/// PostgreSQL. Reads `<at once> <milliseconds>` and answers `<done> <seconds> <p50 us> <p99 us>`.
public final class Ten {
    public interface Flow {
        String ten(String input) throws Exception;
    }

    public static final class Steps implements Flow {
        private final DBOS dbos;

        Steps(DBOS dbos) {
            this.dbos = dbos;
        }

        @Workflow(name = "ten")
        @Override
        public String ten(String input) throws Exception {
            var last = input;
            for (int i = 0; i < 10; i++) {
                int n = i;
                last = dbos.<String, Exception>runStep(() -> text(n), "step " + n);
            }
            return last;
        }
    }

    static String text(int n) {
        return ("result " + n + " of the step ").repeat(60).substring(0, 1024);
    }

    /// @param args JDBC URL, user, password
    public static void main(String[] args) throws Exception {
        var dbos =
                new DBOS(
                        DBOSConfig.defaults("bench")
                                .withDatabaseUrl(args[0])
                                .withDbUser(args[1])
                                .withDbPassword(args[2])
                                .withAdminServer(false));
        var flow = dbos.registerProxy(Flow.class, new Steps(dbos));
        dbos.launch();
        System.out.println("ready");
        var orders = new BufferedReader(new InputStreamReader(System.in));
        for (var line = orders.readLine(); line != null; line = orders.readLine()) {
            var words = line.split(" ");
            System.out.println(load(flow, Integer.parseInt(words[0]), Long.parseLong(words[1])));
        }
        dbos.shutdown();
    }

    private static String load(Flow flow, int atOnce, long millis) throws Exception {
        long start = System.nanoTime();
        long end = start + millis * 1_000_000;
        var all = new ArrayList<Long>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<List<Long>>>();
            for (int i = 0; i < atOnce; i++) {
                running.add(threads.submit(() -> one(flow, end)));
            }
            for (var one : running) {
                all.addAll(one.get());
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Collections.sort(all);
        return all.size() + " " + seconds + " " + quantile(all, 0.5) + " " + quantile(all, 0.99);
    }

    private static List<Long> one(Flow flow, long end) throws Exception {
        var times = new ArrayList<Long>();
        for (long before = System.nanoTime(); before < end; ) {
            flow.ten(text(99));
            long after = System.nanoTime();
            times.add(after - before);
            before = after;
        }
        return times;
    }

    private static long quantile(List<Long> sorted, double share) {
        return sorted.isEmpty() ? 0 : sorted.get((int) (share * (sorted.size() - 1))) / 1000;
    }
}

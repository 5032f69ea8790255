import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Temporal as a peer of `bench sessions`: a workflow of ten activities of 1 KB each, worker and
/// client in this process. Reads `<at once> <milliseconds>` and answers `<done> <seconds> <p50 us>
/// <p99 us>`.
public final class Ten {
    private static final String QUEUE = "bench";

    @WorkflowInterface
    public interface Flow {
        @WorkflowMethod
        String ten(String input);
    }

    @ActivityInterface
    public interface Step {
        String step(int n);
    }

    public static final class Steps implements Step {
        @Override
        public String step(int n) {
            return text(n);
        }
    }

    public static final class Ten10 implements Flow {
        private final Step step =
                Workflow.newActivityStub(
                        Step.class,
                        ActivityOptions.newBuilder()
                                .setStartToCloseTimeout(Duration.ofSeconds(30))
                                .build());

        @Override
        public String ten(String input) {
            var last = input;
            for (int n = 0; n < 10; n++) {
                last = step.step(n);
            }
            return last;
        }
    }

    static String text(int n) {
        return ("result " + n + " of the step ").repeat(60).substring(0, 1024);
    }

    /// @param args `host:port` of the server
    public static void main(String[] args) throws Exception {
        var stubs =
                WorkflowServiceStubs.newServiceStubs(
                        WorkflowServiceStubsOptions.newBuilder().setTarget(args[0]).build());
        var client = WorkflowClient.newInstance(stubs);
        var workers = WorkerFactory.newInstance(client);
        var worker =
                workers.newWorker(
                        QUEUE,
                        WorkerOptions.newBuilder()
                                .setMaxConcurrentActivityExecutionSize(200)
                                .setMaxConcurrentWorkflowTaskExecutionSize(200)
                                .build());
        worker.registerWorkflowImplementationTypes(Ten10.class);
        worker.registerActivitiesImplementations(new Steps());
        workers.start();
        System.out.println("ready");
        var orders = new BufferedReader(new InputStreamReader(System.in));
        for (var line = orders.readLine(); line != null; line = orders.readLine()) {
            var words = line.split(" ");
            System.out.println(load(client, Integer.parseInt(words[0]), Long.parseLong(words[1])));
        }
        System.exit(0);
    }

    private static String load(WorkflowClient client, int atOnce, long millis) throws Exception {
        long start = System.nanoTime();
        long end = start + millis * 1_000_000;
        var all = new ArrayList<Long>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<List<Long>>>();
            for (int i = 0; i < atOnce; i++) {
                running.add(threads.submit(() -> one(client, end)));
            }
            for (var one : running) {
                all.addAll(one.get());
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Collections.sort(all);
        return all.size() + " " + seconds + " " + quantile(all, 0.5) + " " + quantile(all, 0.99);
    }

    private static List<Long> one(WorkflowClient client, long end) {
        var times = new ArrayList<Long>();
        for (long before = System.nanoTime(); before < end; ) {
            client.newWorkflowStub(
                            Flow.class, WorkflowOptions.newBuilder().setTaskQueue(QUEUE).build())
                    .ten(text(99));
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

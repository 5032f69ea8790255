package dev.remit.runtime;

import dev.remit.core.identity.ActionId;
import dev.remit.core.identity.SessionId;
import dev.remit.core.session.Mail;
import dev.remit.core.session.SessionLog;
import dev.remit.core.session.State;
import dev.remit.core.session.Unavailable;
import dev.remit.core.tool.Ended;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// One simulated node's view of the [Disk], over a connection that fails as connections do: before,
/// after and during an append, also so that the append lands later than its failure is seen.
class SimulatedLog implements SessionLog {
    private static final long SNAPSHOT_SIZE = 1;

    private final Disk disk;
    private final String node;
    private final Weather weather;
    private final RandomGenerator random;
    private final List<Append> onTheWay;

    /// How often what goes wrong, of a thousand.
    record Weather(int busy, int lost, int landed, int late, int crash) {
        static final Weather CALM = new Weather(0, 0, 0, 0, 0);
        static final Weather ROUGH = new Weather(30, 20, 20, 20, 25);
    }

    /// The simulated process ends here and now.
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// The database is away for a moment, while it is only asked something.
    static final class Away extends Unavailable {
        private static final long serialVersionUID = 1;

        Away() {
            super("nobody answers", null);
        }

        @Override
        public boolean mayPass() {
            return true;
        }
    }

    SimulatedLog(
            Disk disk,
            String node,
            Weather weather,
            RandomGenerator random,
            List<Append> onTheWay) {
        this.disk = disk;
        this.node = node;
        this.weather = weather;
        this.random = random;
        this.onTheWay = onTheWay;
    }

    @Override
    public boolean isAlone() {
        return disk.alone;
    }

    @Override
    public Accepted open(Opening opening) {
        return disk.open(opening);
    }

    @Override
    public Begun begin(Opening opening, boolean drive) {
        var accepted = disk.open(opening);
        return drive
                        && accepted instanceof Accepted.New
                        && disk.claim(opening.id(), node) instanceof Claim.Claimed claimed
                ? new Begun(accepted, new Mine(claimed, load(opening.id())))
                : new Begun(accepted, null);
    }

    @Override
    public Accepted fork(Forking forking) {
        return disk.fork(forking);
    }

    @Override
    public Claim claim(SessionId id) {
        return disk.claim(id, node);
    }

    @Override
    public void release(Fence fence) {
        disk.release(fence);
    }

    @Override
    public Optional<Ended> ended(SessionId id, ActionId action) {
        return disk.ended(id, action);
    }

    @Override
    public Loaded load(SessionId id) {
        return new Loaded(disk.load(id), SNAPSHOT_SIZE, 0);
    }

    @Override
    public Answer append(Append append) {
        int dice = random.nextInt(1000);
        if ((dice -= weather.busy()) < 0) {
            return new Answer.Busy();
        }
        if ((dice -= weather.lost()) < 0) {
            return new Answer.Unknown("cut before the commit");
        }
        if ((dice -= weather.landed()) < 0) {
            disk.append(append);
            return new Answer.Unknown("cut after the commit");
        }
        if ((dice -= weather.late()) < 0) {
            onTheWay.add(append);
            return new Answer.Unknown("cut while the commit was on its way");
        }
        if ((dice -= weather.crash()) < 0) {
            if (random.nextBoolean()) {
                disk.append(append);
            }
            throw new Crash();
        }
        return disk.append(append);
    }

    /// Appends whose sender gave up long ago arrive at the database.
    static void arrive(Disk disk, List<Append> onTheWay) {
        var arriving = new ArrayList<>(onTheWay);
        onTheWay.clear();
        arriving.forEach(disk::append);
    }

    @Override
    public long snapshot(Fence fence, State state) {
        disk.snapshot(fence, state);
        return SNAPSHOT_SIZE;
    }

    @Override
    public boolean send(SessionId to, Mail mail) {
        return disk.send(to, mail);
    }

    @Override
    public List<Delivered> mail(SessionId id, long after) {
        if (random.nextInt(1000) < weather.lost()) {
            throw new Away();
        }
        var inbox = disk.rows.get(id).inbox;
        var delivered = new ArrayList<Delivered>();
        for (int i = (int) after; i < inbox.size(); i++) {
            delivered.add(new Delivered(i + 1, inbox.get(i)));
        }
        return delivered;
    }

    @Override
    public List<SessionId> ready(Instant now, int limit) {
        return disk.ready(now);
    }

    @Override
    public List<SessionId> held() {
        return disk.held(node);
    }

    @Override
    public Outlook outlook() {
        return new Outlook(disk.nextDue(), false);
    }

    @Override
    public void failed(SessionId id, String what) {
        disk.failures.merge(
                id,
                new Failure(Instant.EPOCH, node, what, 1),
                (old, now) -> new Failure(now.at(), node, what, old.times() + 1));
    }

    @Override
    public Optional<Failure> failure(SessionId id) {
        return Optional.ofNullable(disk.failures.get(id));
    }

    @Override
    public boolean place(Fence fence, ActionId action, String tool, int atOnce) {
        return disk.place(fence, action, tool, atOnce);
    }

    @Override
    public void vacate(SessionId session, List<ActionId> actions) {
        disk.vacate(session, actions);
    }

    @Override
    public void keep(SessionId id, ActionId action, int attempt, Ended end) {
        disk.keep(id, action, attempt, end);
    }

    @Override
    public Optional<Ended> kept(SessionId id, ActionId action, int attempt) {
        return disk.kept(id, action, attempt);
    }

    @Override
    public long rules() {
        return disk.rules;
    }

    @Override
    public boolean mayStart() {
        return disk.lives(node);
    }
}

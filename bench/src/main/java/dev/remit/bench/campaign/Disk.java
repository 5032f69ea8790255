package dev.remit.bench.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The disk of the database: a file system in a file, which can be filled, slowed down and stopped.
/// Where that is not possible, a plain folder.
final class Disk implements AutoCloseable {
    private static final String SIZE = "900M";
    private static final Path THROTTLE = Path.of("/sys/fs/cgroup/blkio");
    private static final int WRITES_A_SECOND = 30;
    private static final int ALL_BUT_MB = 1;

    private final Path folder;
    private final Path mount;
    private final boolean own;
    private String device = "";
    private boolean frozen;

    private Disk(Path folder, boolean own) {
        this.folder = folder;
        this.own = own;
        this.mount = own ? folder.resolve("disk") : folder.resolve("data");
    }

    static Disk make(Path folder) throws IOException, InterruptedException {
        var image = folder.resolve("disk.img").toString();
        Files.createDirectories(folder.resolve("disk"));
        var disk = new Disk(folder, true);
        if (Command.works("truncate", "-s", SIZE, image)
                && Command.works("mkfs.ext4", "-q", "-F", "-m", "0", image)
                && Command.works("mount", "-o", "loop", image, disk.mount.toString())) {
            disk.device = device(image);
            return disk;
        }
        Files.deleteIfExists(Path.of(image));
        var plain = new Disk(folder, false);
        Files.createDirectories(plain.mount);
        return plain;
    }

    private static String device(String image) throws IOException, InterruptedException {
        var said = Command.attempt("losetup", "-n", "-O", "MAJ:MIN", "-j", image).said().strip();
        return said.matches("\\d+:\\d+") ? said : "";
    }

    Path mount() {
        return mount;
    }

    boolean canBreak() {
        return own;
    }

    boolean canSlow() throws InterruptedException {
        return own && !device.isEmpty() && Files.isWritable(THROTTLE);
    }

    /// Leaves no room but for what is written already.
    void fill() throws IOException, InterruptedException {
        long free = Files.getFileStore(mount).getUsableSpace() - ((long) ALL_BUT_MB << 20);
        if (free > 0) {
            var ballast = mount.resolve("ballast").toString();
            Command.attempt("fallocate", "-l", Long.toString(free), ballast);
        }
    }

    void empty() throws IOException {
        Files.deleteIfExists(mount.resolve("ballast"));
    }

    /// Writes of these processes, and of those they start, come to so many a second.
    void slow(List<Long> processes) throws IOException {
        var group = group();
        Files.createDirectories(group);
        Files.writeString(
                group.resolve("blkio.throttle.write_iops_device"), device + " " + WRITES_A_SECOND);
        for (var pid : processes) {
            try {
                Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
            } catch (IOException e) {
                // it has ended
            }
        }
    }

    void quick() throws IOException {
        var group = group();
        if (Files.exists(group)) {
            Files.writeString(group.resolve("blkio.throttle.write_iops_device"), device + " 0");
        }
    }

    private static Path group() {
        return THROTTLE.resolve("remit-campaign-" + ProcessHandle.current().pid());
    }

    /// Whoever writes waits until it is thawed.
    void freeze() throws IOException, InterruptedException {
        Command.run("fsfreeze", "-f", mount.toString());
        frozen = true;
    }

    void thaw() throws IOException, InterruptedException {
        if (frozen) {
            Command.run("fsfreeze", "-u", mount.toString());
            frozen = false;
        }
    }

    @Override
    public void close() throws IOException {
        if (own) {
            if (frozen) {
                Command.last("fsfreeze", "-u", mount.toString());
            }
            for (int i = 0; i < 20 && !Command.last("umount", mount.toString()); i++) {
                Command.last("sleep", "0.2"); // somebody still looks at it
            }
            Files.deleteIfExists(folder.resolve("disk.img"));
            Files.deleteIfExists(mount);
            Files.deleteIfExists(group());
        }
    }
}

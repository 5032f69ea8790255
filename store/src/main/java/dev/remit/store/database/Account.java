package dev.remit.store.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;

/// The user of this machine that PostgreSQL runs as: whoever runs Remit, or a plain user if that is
/// root, since PostgreSQL refuses to run as root.
///
/// @param switched whether it is another than the one that runs Remit
record Account(String name, int uid, int gid, boolean switched) {
    private static final Path SELF = Path.of("/proc/self");
    private static final Path USERS = Path.of("/etc/passwd");

    static Account choose() throws IOException {
        int uid = number(SELF, "unix:uid");
        if (uid != 0) {
            var name = System.getProperty("user.name", "?");
            return new Account(name, uid, number(SELF, "unix:gid"), false);
        }
        var lines = Files.readAllLines(USERS);
        for (var name : List.of("postgres", "nobody")) {
            for (var line : lines) {
                var fields = line.split(":", -1);
                if (fields.length > 3 && fields[0].equals(name)) {
                    return new Account(
                            name, Integer.parseInt(fields[2]), Integer.parseInt(fields[3]), true);
                }
            }
        }
        throw new DatabaseException(
                DatabaseException.Kind.NOT_INSTALLED,
                "PostgreSQL does not run as root, and this machine has neither a user 'postgres'"
                        + " nor 'nobody'. Create one (useradd --system postgres), or run Remit as a"
                        + " plain user.");
    }

    /// The command as this account, ended by an interrupt when the thread that spawned it ends.
    List<String> command(Path setpriv, List<String> command) {
        var all = new ArrayList<String>();
        all.add(setpriv.toString());
        if (switched) {
            all.addAll(List.of("--reuid=" + uid, "--regid=" + gid, "--clear-groups"));
        }
        all.addAll(List.of("--pdeathsig", "INT", "--"));
        all.addAll(command);
        return all;
    }

    /// Gives a file or folder to this account.
    void own(Path path) throws IOException {
        if (switched) {
            Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        }
    }

    boolean owns(Path path) throws IOException {
        return number(path, "unix:uid") == uid;
    }

    /// Whether this account can walk down to the folder.
    boolean reaches(Path folder) throws IOException {
        for (var step = folder.toRealPath(); step != null; step = step.getParent()) {
            if (!mayEnter(step)) {
                return false;
            }
        }
        return true;
    }

    private boolean mayEnter(Path folder) throws IOException {
        var may = Files.readAttributes(folder, PosixFileAttributes.class).permissions();
        if (number(folder, "unix:uid") == uid) {
            return may.contains(PosixFilePermission.OWNER_EXECUTE);
        }
        if (number(folder, "unix:gid") == gid) {
            return may.contains(PosixFilePermission.GROUP_EXECUTE);
        }
        return may.contains(PosixFilePermission.OTHERS_EXECUTE);
    }

    private static int number(Path path, String attribute) throws IOException {
        return (Integer) Files.getAttribute(path, attribute);
    }
}

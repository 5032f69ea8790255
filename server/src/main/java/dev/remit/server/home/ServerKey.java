package dev.remit.server.home;

import dev.remit.core.secret.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/// The key of the API: whoever can read its file is the owner of the state folder.
public final class ServerKey implements Secrets {
    private static final int BYTES = 32;
    private static final int SHORTEST = 32;

    private final byte[] key;
    private final Set<String> value;

    private ServerKey(String key) {
        this.key = key.getBytes(StandardCharsets.UTF_8);
        this.value = Set.of(key);
    }

    /// Reads the key, or makes a new one of 256 random bits.
    ///
    /// @throws StartFailure if the file cannot be used
    public static ServerKey of(HomeFolder home) {
        var file = home.file("key");
        try {
            if (!Files.exists(file)) {
                var random = new byte[BYTES];
                new SecureRandom().nextBytes(random);
                var text = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
                HomeFolder.write(file, (text + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            var key = Files.readString(file).strip();
            if (key.length() < SHORTEST) {
                throw new StartFailure(
                        file + " holds no key; delete it, and the next start makes a new one");
            }
            return new ServerKey(key);
        } catch (IOException e) {
            throw StartFailure.of("the key " + file + " cannot be used", e);
        }
    }

    /// Takes the same time wherever the first difference is.
    public boolean is(String offered) {
        return MessageDigest.isEqual(key, offered.getBytes(StandardCharsets.UTF_8));
    }

    /// Nobody gets it from here.
    @Override
    public Optional<String> find(String name) {
        return Optional.empty();
    }

    /// The key, so that a redactor recognises it.
    @Override
    public Set<String> values() {
        return value;
    }

    @Override
    public String toString() {
        return "the server's key";
    }
}

package dev.remit.hands.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.remit.core.json.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;

/// The key under which the keys of all entries lie. It prints its id alone, which tells two keys
/// apart and says nothing of either.
final class MasterKey {
    static final String VARIABLE = "REMIT_MASTER_KEY";

    private static final String FILE = "master.key";
    private static final int BYTES = 32;

    private final byte[] bytes;
    private final String id;

    private MasterKey(byte[] bytes) {
        this.bytes = bytes;
        this.id = Hash.of(Hash.of(bytes).bytes()).brief();
    }

    /// @throws VaultException if the text is not 32 bytes in Base64 or hexadecimal
    static MasterKey parse(String text, String from) {
        var bare = text.strip();
        try {
            var bytes =
                    bare.length() == 2 * BYTES
                            ? HexFormat.of().parseHex(bare)
                            : Base64.getDecoder().decode(bare);
            if (bytes.length == BYTES) {
                return new MasterKey(bytes);
            }
        } catch (IllegalArgumentException e) {
            // said below; the cause would quote the key
        }
        throw new VaultException(
                from
                        + " is expected to hold 32 bytes in Base64 or hexadecimal; make one with"
                        + " `openssl rand -base64 32`");
    }

    /// The key kept in the vault's own folder; made on first use.
    static MasterKey kept(Path folder) throws IOException {
        var file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            var fresh = Base64.getEncoder().encodeToString(Sealed.random(BYTES)) + "\n";
            Durable.create(file, fresh.getBytes(US_ASCII));
        }
        Durable.requirePrivate(file);
        return parse(Files.readString(file, US_ASCII), "the file " + FILE + " of the vault");
    }

    byte[] bytes() {
        return bytes;
    }

    String id() {
        return id;
    }

    @Override
    public String toString() {
        return "master key " + id;
    }
}

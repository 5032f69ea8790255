package dev.remit.hands.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.core.json.Json;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One entry of the vault as it lies on disk: the value under a key of its own, and that key under
/// the master key, both by AES-256-GCM. Bound to its name, so that one entry cannot be passed off
/// as another.
final class Sealed {
    private static final String VERSION = "secret/v1";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Sealed() {}

    static byte[] seal(String name, byte[] value, MasterKey master) {
        var key = random(KEY_BYTES);
        var keyNonce = random(NONCE_BYTES);
        var nonce = random(NONCE_BYTES);
        try {
            var wrapped =
                    crypt(Cipher.ENCRYPT_MODE, master.bytes(), keyNonce, bound(name, "key"), key);
            var sealed = crypt(Cipher.ENCRYPT_MODE, key, nonce, bound(name, "value"), value);
            var entry =
                    Json.object()
                            .put("remit", VERSION)
                            .put("name", name)
                            .put("master", master.id())
                            .put("key_nonce", base64(keyNonce))
                            .put("key", base64(wrapped))
                            .put("nonce", base64(nonce))
                            .put("value", base64(sealed));
            return Json.canonical(entry);
        } catch (GeneralSecurityException e) {
            throw new VaultException("this Java cannot encrypt with AES-256-GCM", e);
        }
    }

    /// @throws VaultException if it is damaged, belongs to another name, or was sealed under
    ///   another master key
    static byte[] open(String name, byte[] file, MasterKey master) {
        var entry = parse(name, file);
        if (!entry.path("remit").asString("").equals(VERSION)) {
            throw damaged(name, "it is no entry of a vault, or of a newer version of Remit");
        }
        if (!entry.path("name").asString("").equals(name)) {
            throw damaged(name, "it was sealed under another name");
        }
        if (!entry.path("master").asString("").equals(master.id())) {
            throw damaged(name, "it was sealed with another master key");
        }
        try {
            var key =
                    crypt(
                            Cipher.DECRYPT_MODE,
                            master.bytes(),
                            bytes(entry, "key_nonce"),
                            bound(name, "key"),
                            bytes(entry, "key"));
            return crypt(
                    Cipher.DECRYPT_MODE,
                    key,
                    bytes(entry, "nonce"),
                    bound(name, "value"),
                    bytes(entry, "value"));
        } catch (AEADBadTagException e) {
            throw damaged(name, "it was changed since it was written");
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw damaged(name, "it is not whole");
        }
    }

    private static JsonNode parse(String name, byte[] file) {
        try {
            return Json.parse(file);
        } catch (JacksonException e) {
            throw damaged(name, "it is not whole"); // the cause would quote what it read
        }
    }

    private static VaultException damaged(String name, String why) {
        return new VaultException(
                "the vault cannot open the credential \""
                        + name
                        + "\": "
                        + why
                        + ". Put it again.");
    }

    private static byte[] crypt(int mode, byte[] key, byte[] nonce, byte[] bound, byte[] text)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(bound);
        return cipher.doFinal(text);
    }

    private static byte[] bound(String name, String part) {
        return (VERSION + "\n" + part + "\n" + name).getBytes(UTF_8);
    }

    static byte[] random(int length) {
        var bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bytes(JsonNode entry, String field) {
        return Base64.getDecoder().decode(entry.path(field).asString(""));
    }
}

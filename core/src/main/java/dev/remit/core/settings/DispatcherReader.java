package dev.remit.core.settings;

import dev.remit.core.text.Fields;
import org.jspecify.annotations.Nullable;

/// Reads `dispatcher:`, which is `local` or holds one engine with its address.
final class DispatcherReader {
    private static final String LOCAL = "local";

    private final Fields file;

    DispatcherReader(Fields file) {
        this.file = file;
    }

    DispatcherChoice read() {
        var local = new DispatcherChoice.Local();
        var given = file.get("dispatcher");
        if (given != null && given.isString()) {
            if (!given.asString("").equals(LOCAL)) {
                file.fault(
                        "dispatcher",
                        "there is no dispatcher `" + given.asString("") + "`",
                        "local, or temporal: { target: host:port }");
            }
            return local;
        }
        return file.object("dispatcher", Keys.DISPATCHER)
                .<DispatcherChoice>map(fields -> {
                    if (!fields.has("temporal")) {
                        fields.missing("temporal", "temporal: { target: 127.0.0.1:7233 }");
                    }
                    return fields.object("temporal", Keys.TEMPORAL)
                            .<DispatcherChoice>map(DispatcherReader::temporal)
                            .orElse(local);
                })
                .orElse(local);
    }

    private static DispatcherChoice.Temporal temporal(Fields fields) {
        var target = fields.required("target", "its frontend, such as 127.0.0.1:7233");
        if (target != null && !DispatcherAddress.isTarget(target)) {
            fields.fault("target", "this is no address", "host:port, such as 127.0.0.1:7233");
        }
        var credential = secret(fields, "credential");
        var tls = tls(fields);
        return new DispatcherChoice.Temporal(
                target == null ? "" : target,
                name(fields, "namespace", DispatcherChoice.Temporal.NAMESPACE),
                name(fields, "task_queue", DispatcherChoice.Temporal.TASK_QUEUE),
                credential,
                tls == null && credential != null ? DispatcherChoice.Tls.USUAL : tls);
    }

    private static DispatcherChoice.@Nullable Tls tls(Fields fields) {
        var given = fields.get("tls");
        if (given != null && given.isBoolean()) {
            boolean wanted = given.booleanValue();
            if (!wanted && fields.has("credential")) {
                fields.fault(
                        "tls",
                        "an API key is not sent over a connection that anybody can read",
                        "tls: true, or no credential");
            }
            return wanted ? DispatcherChoice.Tls.USUAL : null;
        }
        return fields.object("tls", Keys.TLS)
                .map(tls -> {
                    if (tls.has("certificate") != tls.has("credential")) {
                        tls.missing(
                                tls.has("certificate") ? "credential" : "certificate",
                                "a client has both: a certificate, and the key that it is for");
                    }
                    return new DispatcherChoice.Tls(
                            secret(tls, "authority"),
                            secret(tls, "certificate"),
                            secret(tls, "credential"),
                            tls.text("server_name"));
                })
                .orElse(null);
    }

    private static String name(Fields fields, String key, String otherwise) {
        var text = fields.text(key);
        if (text == null) {
            return otherwise;
        }
        if (!DispatcherAddress.NAME.matcher(text).matches()) {
            fields.fault(key, "this is no name", "letters, digits, `-`, `_` and `.`");
        }
        return text;
    }

    private static @Nullable String secret(Fields fields, String key) {
        var text = fields.text(key);
        if (text != null
                && (Keyless.isSecret(text) || !ProviderReader.CREDENTIAL.matcher(text).matches())) {
            fields.fault(
                    key,
                    "this is no name of a secret; what it holds does not belong into this file",
                    Keyless.RIGHT);
        }
        return text;
    }
}

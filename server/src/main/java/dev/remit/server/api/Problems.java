package dev.remit.server.api;

import dev.remit.core.identity.Presented.Why;
import dev.remit.core.identity.SessionId;
import dev.remit.core.json.Json;
import dev.remit.core.text.Fault;
import dev.remit.http.server.Problem;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;

/// The kinds of problems that this API has; see `docs/api.md`.
final class Problems {
    private static final String KIND = "urn:remit:problem:";

    private Problems() {}

    /// 401 that says what is wrong with the key; 503 and 429 if it may be right a little later.
    static Problem unauthorized(Why why) {
        return switch (why) {
            case UNAVAILABLE ->
                    new Problem(503, KIND + "no-database", why.toString())
                            .header("Retry-After", "2");
            case BUSY -> new Problem(429, KIND + "busy", why.toString()).header("Retry-After", "1");
            case MISSING ->
                    refused(
                            "expected a key: Authorization: Bearer KEY, or x-api-key,"
                                    + " x-goog-api-key or api-key. ./remit keys create makes one;"
                                    + " the owner's is in the file `key` of the state folder");
            case UNKNOWN, REVOKED, EXPIRED -> refused(why.toString());
        };
    }

    static Problem tooManyReaders(int most) {
        return new Problem(
                        503,
                        KIND + "too-many-readers",
                        most
                                + " read sessions at this node, and no more can; try again, or at"
                                + " another node")
                .header("Retry-After", "5");
    }

    private static Problem refused(String detail) {
        return new Problem(401, KIND + "unauthorized", detail).header("WWW-Authenticate", "Bearer");
    }

    /// @param anyOf the permissions of which one is needed
    static Problem missing(List<String> anyOf) {
        var needed = Json.array();
        anyOf.forEach(needed::add);
        return new Problem(
                        403,
                        KIND + "forbidden",
                        "this key may not do that: it lacks the permission "
                                + String.join(" or ", anyOf))
                .with("needed", needed);
    }

    static Problem forbidden(String detail) {
        return new Problem(403, KIND + "forbidden", detail);
    }

    static Problem unknown(String what, String name) {
        return new Problem(404, KIND + "unknown-" + what, "there is no " + what + " " + name);
    }

    static Problem badRequest(String detail) {
        return new Problem(400, KIND + "bad-request", detail);
    }

    /// A file of the archive is not as it was written, or not there: a person has to mend it.
    static Problem archive(String detail) {
        return new Problem(500, KIND + "archive", detail);
    }

    static Problem unknownAgent() {
        return new Problem(
                404,
                KIND + "unknown-agent",
                "there is no agent or workflow of that name; GET /v1/agents lists what there is");
    }

    static Problem unknownVersion(String name) {
        return new Problem(
                404,
                KIND + "unknown-version",
                name
                        + " has no such version; GET /v1/agents/"
                        + name
                        + "/versions lists what there is");
    }

    static Problem unknownSession(String id) {
        return new Problem(404, KIND + "unknown-session", "there is no session " + id);
    }

    static Problem closed(SessionId id) {
        return new Problem(409, KIND + "closed", "session " + id + " is closed already");
    }

    static Problem unknownSchedule() {
        return new Problem(
                404,
                KIND + "unknown-schedule",
                "there is no such schedule; GET /v1/schedules lists what there is");
    }

    static Problem unknownTrigger() {
        return new Problem(
                404,
                KIND + "unknown-trigger",
                "there is no such trigger; GET /v1/triggers lists what there is");
    }

    static Problem busy(String detail) {
        return new Problem(429, KIND + "busy", detail).header("Retry-After", "10");
    }

    static Problem conflict(String detail) {
        return new Problem(409, KIND + "conflict", detail);
    }

    static Problem keyUsedForAnother(SessionId id) {
        return new Problem(
                        409,
                        KIND + "idempotency-key-reused",
                        "this Idempotency-Key was used before, for another request; use a new one")
                .with("session", Json.text(id.toString()));
    }

    static Problem files(List<Fault> faults) {
        var list = Json.array();
        for (var fault : faults) {
            list.add(ApiJson.tree(fault));
        }
        return new Problem(
                        422,
                        KIND + "bad-files",
                        count(faults.size()) + " in the files; nothing was applied")
                .with("faults", list);
    }

    static Problem input(ArrayNode faults) {
        return new Problem(
                        422,
                        KIND + "invalid-input",
                        "the input is not what the agent takes: " + count(faults.size()))
                .with("faults", faults);
    }

    static Problem unusable(String detail) {
        return new Problem(422, KIND + "unusable", detail);
    }

    /// Another server may know what this one does not, while versions stand side by side.
    static Problem newer(String detail) {
        return new Problem(503, KIND + "newer-remit", detail).header("Retry-After", "2");
    }

    static Problem noDatabase() {
        return new Problem(
                        503,
                        KIND + "no-database",
                        "the database does not answer; what was accepted is safe, try again later")
                .header("Retry-After", "2");
    }

    private static String count(int faults) {
        return faults == 1 ? "1 fault" : faults + " faults";
    }
}

package dev.remit.server.api;

import dev.remit.core.json.Json;
import dev.remit.core.session.Recorded;
import dev.remit.core.session.UnknownLog;
import dev.remit.hands.vault.VaultException;
import dev.remit.http.server.EventStream;
import dev.remit.http.server.Exchange;
import dev.remit.http.server.Guard;
import dev.remit.http.server.Handler;
import dev.remit.http.server.Reply;
import dev.remit.http.server.Routes;
import dev.remit.store.archive.ArchiveException;
import dev.remit.store.database.DatabaseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every route of the API. `openapi.json` describes the same ones; a test compares them.
public final class Api {
    private static final Logger LOG = LoggerFactory.getLogger(Api.class);

    private final ApiParts parts;

    public Api(ApiParts parts) {
        this.parts = parts;
    }

    /// An event as it goes out to those who read a session.
    public static EventStream.Frame frame(Recorded recorded) {
        return EventReading.frame(recorded);
    }

    public Guard guard() {
        return parts.authentication();
    }

    public Routes routes() {
        var agents = new AgentsApi(parts);
        var sessions = new SessionsApi(parts);
        var events = new EventsApi(parts);
        var verbs = new VerbsApi(parts);
        var approvals = new ApprovalsApi(parts);
        var prompts = new PromptsApi(parts);
        var recordings = new RecordingsApi(parts);
        var credentials = new CredentialsApi(parts);
        var keys = new KeysApi(parts);
        var directory = new DirectoryApi(parts);
        var settings = new SettingsApi(parts);
        var nodes = new NodesApi(parts);
        var budgets = new BudgetsApi(parts);
        var ledger = new LedgerApi(parts);
        var reconcile = new ReconcileApi(parts);
        var models = new ModelsApi(parts);
        var archives = new ArchivesApi(parts);
        var schedules = new SchedulesApi(parts);
        var triggers = new TriggersApi(parts);
        var steering = new SteeringApi(parts);
        var trouble = new TroubleApi(parts);
        var routes =
                new Routes()
                        .get("/health", this::health)
                        .get("/v1/openapi.json", OpenApi::get)
                        .post("/v1/agents", agents::apply)
                        .get("/v1/agents", agents::list)
                        .get("/v1/agents/{name}", agents::get)
                        .get("/v1/agents/{name}/versions", agents::versions)
                        .get("/v1/agents/{name}/drawing", agents::drawing)
                        .post("/v1/sessions", sessions::open)
                        .get("/v1/sessions", sessions::list)
                        .get("/v1/sessions/{id}", sessions::get)
                        .get("/v1/sessions/{id}/events", events::read)
                        .post("/v1/sessions/{id}/events", events::post)
                        .post("/v1/sessions/{id}:cancel", verbs::cancel)
                        .post("/v1/sessions/{id}:resolve", verbs::resolve)
                        .post("/v1/sessions/{id}:raise", verbs::raise)
                        .post("/v1/sessions/{id}:interrupt", steering::interrupt)
                        .post("/v1/sessions/{id}:fork", steering::fork)
                        .post("/v1/sessions/{id}:rewind", steering::rewind)
                        .post("/v1/sessions/{id}:move", steering::move)
                        .post("/v1/sessions/{id}:redrive", trouble::redrive)
                        .post("/v1/agents/{name}:move", steering::moveAll)
                        .get("/v1/trouble", trouble::list)
                        .post("/v1/trouble:redrive", trouble::redriveAll)
                        .get("/v1/schedules", schedules::list)
                        .get("/v1/schedules/{name}", schedules::get)
                        .put("/v1/schedules/{name}", schedules::put)
                        .delete("/v1/schedules/{name}", schedules::remove)
                        .get("/v1/schedules/{name}/next", schedules::next)
                        .post("/v1/schedules/{name}:pause", schedules::pause)
                        .post("/v1/schedules/{name}:resume", schedules::resume)
                        .post("/v1/schedules/{name}:trigger", schedules::trigger)
                        .post("/v1/schedules/{name}:backfill", schedules::backfill)
                        .get("/v1/triggers", triggers::list)
                        .get("/v1/triggers/{name}", triggers::get)
                        .put("/v1/triggers/{name}", triggers::put)
                        .delete("/v1/triggers/{name}", triggers::remove)
                        .post("/v1/events/{name}", triggers::happened)
                        .get("/v1/sessions/{id}/recording", recordings::get)
                        .get("/v1/sessions/{id}/prompts/{turn}", prompts::get)
                        .get("/v1/approvals", approvals::list)
                        .post("/v1/approvals/{id}:approve", approvals::approve)
                        .post("/v1/approvals/{id}:reject", approvals::reject)
                        .post("/v1/keys", keys::create)
                        .get("/v1/keys", keys::list)
                        .get("/v1/keys/{id}", keys::get)
                        .post("/v1/keys/{id}:revoke", keys::revoke)
                        .get("/v1/teams", directory::teams)
                        .put("/v1/teams/{name}", directory::putTeam)
                        .get("/v1/principals", directory::principals)
                        .get("/v1/principals/{kind}/{name}", directory::principal)
                        .put("/v1/principals/{kind}/{name}", directory::putPrincipal)
                        .post("/v1/principals/{kind}/{name}:revoke", directory::revoke)
                        .get("/v1/settings", settings::get)
                        .get("/v1/nodes", nodes::list)
                        .post("/v1/nodes/{id}:drain", nodes::drain)
                        .post("/v1/nodes/{id}:resume", nodes::resume)
                        .get("/v1/budgets", budgets::list)
                        .put("/v1/budgets", budgets::put)
                        .delete("/v1/budgets", budgets::delete)
                        .get("/v1/budgets:top", budgets::top)
                        .get("/v1/ledger", ledger::list)
                        .get("/v1/ledger:sums", ledger::sums)
                        .post("/v1/ledger:reconcile", reconcile::reconcile)
                        .get("/v1/ledger/{call}", ledger::call)
                        .get("/v1/models", models::models)
                        .get("/v1/routes", models::routes)
                        .get("/v1/prices", models::prices)
                        .post("/v1/prices", models::update)
                        .put("/v1/credentials/{name}", credentials::put)
                        .get("/v1/archives", archives::list)
                        .post("/v1/archives:run", archives::run)
                        .post("/v1/archives:verify", archives::verify)
                        .post("/v1/sessions/{id}:restore", archives::restore)
                        .get("/v1/health", archives::health)
                        .post("/v1/server:stop", this::stop)
                        .each(Api::explained);
        return Access.guarded(routes);
    }

    /// Trouble that the client should hear of in its own words.
    private static Handler explained(Handler handler) {
        return exchange -> {
            try {
                return handler.handle(exchange);
            } catch (VaultException e) {
                throw Problems.unusable(String.valueOf(e.getMessage()));
            } catch (ArchiveException e) {
                LOG.error("the archive cannot be read", e);
                throw Problems.archive(String.valueOf(e.getMessage()));
            } catch (UnknownLog e) {
                throw Problems.newer(String.valueOf(e.getMessage()));
            } catch (DatabaseException e) {
                LOG.error("the database is not to be had", e);
                throw Problems.noDatabase();
            }
        };
    }

    private Reply health(Exchange exchange) {
        return Reply.ok(
                Json.object()
                        .put("status", "ok")
                        .put("build", parts.build())
                        .put("pid", ProcessHandle.current().pid())
                        .put("dispatching", parts.engine().trouble().isEmpty() ? "ok" : "trouble"));
    }

    private Reply stop(Exchange exchange) {
        Body.optional(exchange);
        parts.stop().run();
        return new Reply.Empty(202);
    }
}

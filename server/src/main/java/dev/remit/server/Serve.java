package dev.remit.server;

import dev.remit.core.identity.Principal;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.secret.KnownRedactor;
import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.settings.Settings;
import dev.remit.gateway.Gateway;
import dev.remit.gateway.price.InvalidPrices;
import dev.remit.gateway.price.PriceBook;
import dev.remit.hands.Hands;
import dev.remit.hands.vault.ChainedSecrets;
import dev.remit.hands.vault.EnvironmentSecrets;
import dev.remit.hands.vault.FileVault;
import dev.remit.http.client.Upstream;
import dev.remit.http.server.Guard;
import dev.remit.http.server.HttpServer;
import dev.remit.http.server.Routes;
import dev.remit.runtime.Engine;
import dev.remit.runtime.Parts;
import dev.remit.server.api.Api;
import dev.remit.server.api.ApiParts;
import dev.remit.server.api.Authentication;
import dev.remit.server.api.Live;
import dev.remit.server.api.MoneyParts;
import dev.remit.server.api.StartParts;
import dev.remit.server.catalog.Catalog;
import dev.remit.server.gateway.GatewayApi;
import dev.remit.server.gateway.ModelGateway;
import dev.remit.server.home.HomeFolder;
import dev.remit.server.home.LogFile;
import dev.remit.server.home.NodeName;
import dev.remit.server.home.ReadyFile;
import dev.remit.server.home.ServerKey;
import dev.remit.server.home.ServerLock;
import dev.remit.server.home.StartFailure;
import dev.remit.server.settings.SettingsFile;
import dev.remit.server.start.Starter;
import dev.remit.server.start.Sweep;
import dev.remit.server.start.Sweeper;
import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseAddress;
import dev.remit.store.database.EmbeddedPostgres;
import dev.remit.store.identity.PostgresDirectory;
import dev.remit.store.identity.PostgresKeys;
import dev.remit.store.money.LedgerSettings;
import dev.remit.store.money.PostgresLedger;
import dev.remit.store.registry.PostgresRegistry;
import dev.remit.store.session.PostgresSessionLog;
import dev.remit.store.start.DatabaseTime;
import dev.remit.store.start.PostgresSchedules;
import dev.remit.store.start.PostgresTriggers;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server: the one list where everything is wired together, from the ground up.
final class Serve implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Serve.class);
    private static final String BUILD = System.getProperty("remit.build", "dev");

    private static final int USUAL_PORT = 7070;
    private static final Principal FIRST = new Principal(Principal.Kind.PERSON, "admin");

    private final Started started;
    private final HttpServer http;
    private final PostgresKeys keys;
    private final HomeFolder home;

    private Serve(Started started, HttpServer http, PostgresKeys keys, HomeFolder home) {
        this.started = started;
        this.http = http;
        this.keys = keys;
        this.home = home;
    }

    /// @param stop is given the order to stop that comes by the API or from idleness
    /// @param progress is told what the start is at
    /// @throws StartFailure if the user can do something about it
    static Serve start(Options options, Stop stop, Consumer<String> progress) {
        var started = new Started();
        try {
            return start(options, stop, progress, started);
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private static Serve start(
            Options options, Stop stop, Consumer<String> progress, Started started) {
        var clock = InstantSource.system();
        var random = new SecureRandom();

        var home = HomeFolder.open(options.home());
        started.add(ServerLock.take(home));
        ReadyFile.clear(home);
        var key = ServerKey.of(home);
        var vault = FileVault.open(home.vault(), options.environment());
        var secrets = new ChainedSecrets(vault, new EnvironmentSecrets(options.environment()), key);
        var redactor = new PatternRedactor(secrets::values);
        started.add(LogFile.open(home, redactor));
        started.add(() -> LOG.info("stopped"));
        LOG.info("build {} starts, pid {}", BUILD, ProcessHandle.current().pid());

        var database = started.add(Database.open(address(options, home, stop, progress, started)));
        var log = started.add(PostgresSessionLog.join(database, NodeName.of(home), true));
        var keys =
                started.add(PostgresKeys.join(database, log.node().incarnation(), clock, random));
        var catalog = new Catalog(new PostgresRegistry(database), clock);
        var upstream = started.add(new Upstream());
        var settings = started.add(settings(options, home, clock));
        var ledger = started.add(ledger(database, log, settings));
        var prices = prices(home);
        var gateway =
                started.add(
                        new ModelGateway(
                                settings::current,
                                secrets,
                                prices,
                                ledger,
                                new KnownRedactor(secrets::values),
                                redactor,
                                upstream,
                                clock));
        var models =
                Gateway.of(upstream, secrets, clock).and(ModelChoice.GATEWAY, gateway.models());
        var hands = started.add(new Hands(home.folder(), secrets, redactor, clock));

        var live = new Live();
        var engine =
                started.add(
                        new Engine(
                                new Parts(
                                        log, catalog, models, hands, redactor, clock, random, live),
                                Dispatchers.find(options, settings, secrets, log.node().name())));
        started.add(log.listen(new LogNews(live, engine)));

        var starts = starts(database, log, new Starter(catalog, engine, redactor, settings::current), engine);
        var sweeper = started.add(Sweeper.start(starts));

        var activity = new Activity(clock, log, engine);
        var api =
                new Api(
                        new ApiParts(
                                log,
                                catalog,
                                engine,
                                live,
                                redactor,
                                secrets,
                                vault::put,
                                new Authentication(key::is, keys::find),
                                keys,
                                new PostgresDirectory(database),
                                settings::status,
                                new MoneyParts(
                                        ledger.rules(),
                                        ledger.queries(),
                                        prices,
                                        settings::current),
                                new StartParts(starts, sweeper::sooner),
                                clock,
                                BUILD,
                                stop::order));
        var vendors =
                new GatewayApi(
                        gateway.relay(), settings::current, gateway.telemetry().figures()::text);
        var routes = api.routes().and(vendors.routes());
        var http = started.add(listen(options, activity.noting(api.guard()), routes));
        engine.start();
        started.add(ReadyFile.write(home, http.url(), BUILD));
        var idle = options.idleStop();
        if (idle != null) {
            started.add(new IdleStop(activity, http, idle, stop));
        }
        LOG.info("ready at {}", http.url());
        return new Serve(started, http, keys, home);
    }

    private static DatabaseAddress address(
            Options options,
            HomeFolder home,
            Stop stop,
            Consumer<String> progress,
            Started started) {
        var external = options.database();
        if (external.isPresent()) {
            progress.accept("using the PostgreSQL that REMIT_DATABASE_URL names");
            return DatabaseAddress.parse(external.get());
        }
        var embedded = started.add(EmbeddedPostgres.start(home.postgres(), 0, progress::accept));
        ProcessHandle.of(embedded.pid()).ifPresent(process -> watch(process, stop));
        return embedded.address();
    }

    /// A server that somebody starts by hand also looks into the folder he stands in.
    private static SettingsFile settings(Options options, HomeFolder home, InstantSource clock) {
        var folders =
                options.idleStop() == null
                        ? List.of(Path.of("").toAbsolutePath(), home.folder())
                        : List.of(home.folder());
        return SettingsFile.open(
                options.config(), folders, clock, line -> System.err.println("remit: " + line));
    }

    private static Sweep starts(
            Database database, PostgresSessionLog log, Starter starter, Engine engine) {
        return new Sweep(
                new PostgresSchedules(database, log.within()),
                new PostgresTriggers(database, log.within()),
                starter,
                new DatabaseTime(database),
                engine::wake);
    }

    private static PostgresLedger ledger(
            Database database, PostgresSessionLog log, SettingsFile settings) {
        var now = settings.current();
        var ledger =
                PostgresLedger.open(
                        database,
                        log.node(),
                        LedgerSettings.USUAL.withRetention(now.prompts().retention()));
        settings.listen(changed -> apply(changed, ledger));
        apply(now, ledger);
        return ledger;
    }

    private static void apply(Settings settings, PostgresLedger ledger) {
        ledger.rules().replaceConfigured(settings.budgets(), settings.zone());
        ledger.retain(settings.prompts().retention());
    }

    private static PriceBook prices(HomeFolder home) {
        try {
            return PriceBook.open(home.folder());
        } catch (IOException e) {
            throw StartFailure.of("the list of prices cannot be read", e);
        } catch (InvalidPrices e) {
            throw new StartFailure(e.why());
        }
    }

    private static void watch(ProcessHandle postgres, Stop stop) {
        var why = "PostgreSQL has ended by itself; the next start goes on where it was";
        var _ = postgres.onExit().thenRun(() -> stop.order(why));
    }

    /// At the port that was asked for; else at the one that the documentation names, or any other
    /// if that is taken.
    private static HttpServer listen(Options options, Guard guard, Routes routes) {
        var settings = HttpServer.Settings.DEFAULT;
        try {
            if (options.port() == 0) {
                try {
                    return HttpServer.start(settings.withPort(USUAL_PORT), guard, routes);
                } catch (IOException e) {
                    LOG.debug("port {} is taken", USUAL_PORT, e);
                }
            }
            return HttpServer.start(settings.withPort(options.port()), guard, routes);
        } catch (IOException e) {
            if (e instanceof BindException || e.getCause() instanceof BindException) {
                throw new StartFailure(
                        "port "
                                + options.port()
                                + " of 127.0.0.1 is taken; choose another with --port, or leave it"
                                + " out");
            }
            throw StartFailure.of("cannot listen on 127.0.0.1", e);
        }
    }

    URI url() {
        return http.url();
    }

    /// The state folder.
    Path folder() {
        return home.folder();
    }

    /// A key for the first administrator, if this database never had a key. To be shown to a person
    /// and then forgotten.
    Optional<String> firstKey() {
        return keys.createFirst("first admin", FIRST).map(PostgresKeys.Made::text);
    }

    /// Accepts nothing more, lets what is being written be written, and ends everything.
    @Override
    public void close() {
        LOG.info("stopping");
        started.close();
    }
}

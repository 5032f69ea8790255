package dev.remit.server;

import dev.remit.core.identity.Principal;
import dev.remit.core.model.ModelChoice;
import dev.remit.core.secret.KnownRedactor;
import dev.remit.core.secret.PatternRedactor;
import dev.remit.core.secret.Secrets;
import dev.remit.core.settings.Settings;
import dev.remit.core.settings.SettingsReader;
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
import dev.remit.runtime.Purse;
import dev.remit.server.api.Api;
import dev.remit.server.api.ApiParts;
import dev.remit.server.api.Authentication;
import dev.remit.server.api.MoneyParts;
import dev.remit.server.api.StartParts;
import dev.remit.server.api.StoreParts;
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
import dev.remit.server.live.Live;
import dev.remit.server.settings.SettingsFile;
import dev.remit.server.start.Starter;
import dev.remit.server.start.Sweep;
import dev.remit.server.start.Sweeper;
import dev.remit.store.archive.Archive;
import dev.remit.store.archive.ArchivePolicy;
import dev.remit.store.database.Database;
import dev.remit.store.database.DatabaseAddress;
import dev.remit.store.database.DatabaseException;
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
import dev.remit.store.upkeep.Partitions;
import dev.remit.store.upkeep.Upkeep;
import dev.remit.store.upkeep.Vitals;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server: the one list where everything is wired together, from the ground up.
final class Serve implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Serve.class);
    private static final String BUILD = System.getProperty("remit.build", "dev");

    private static final int USUAL_PORT = 7070;
    private static final Principal FIRST = new Principal(Principal.Kind.PERSON, "admin");

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Options options;
    private final Stop stop;
    private final Started machine = new Started();
    private final ReentrantLock turn = new ReentrantLock();
    private final HomeFolder home;
    private final DatabaseAddress database;
    private final PatternRedactor redactor;
    private final Secrets secrets;
    private final FileVault vault;
    private final ServerKey key;
    private volatile boolean closing;
    private volatile @Nullable Running running;

    /// One run of this server as a node: from entering the database until it leaves it, or is taken
    /// for dead.
    private record Running(
            Started started,
            HttpServer http,
            PostgresKeys keys,
            PostgresSessionLog log,
            Engine engine) {}

    /// @param stop is given the order to stop that comes by the API or from idleness
    /// @param progress is told what the start is at
    /// @throws StartFailure if the user can do something about it
    static Serve start(Options options, Stop stop, Consumer<String> progress) {
        var started = new Started();
        try {
            var serve = new Serve(options, stop, progress, started);
            serve.join(options);
            return serve;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    /// What stays for as long as the process: the state folder, and the embedded database.
    private Serve(Options options, Stop stop, Consumer<String> progress, Started started) {
        this.options = options;
        this.stop = stop;
        started.add(machine);
        home = HomeFolder.open(options.home());
        machine.add(ServerLock.take(home));
        ReadyFile.clear(home);
        key = ServerKey.of(home);
        vault = FileVault.open(home.vault(), options.environment());
        secrets = new ChainedSecrets(vault, new EnvironmentSecrets(options.environment()), key);
        redactor = new PatternRedactor(secrets::values);
        machine.add(LogFile.open(home, redactor));
        machine.add(() -> LOG.info("stopped"));
        LOG.info("build {} starts, pid {}", BUILD, ProcessHandle.current().pid());
        database = address(options, home, stop, progress, machine);
    }

    private void join(Options how) {
        var started = new Started();
        try {
            running = join(how, started);
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private Running join(Options how, Started started) {
        var clock = InstantSource.system();
        var random = new SecureRandom();

        var database = started.add(Database.open(this.database));
        var log = started.add(PostgresSessionLog.join(database, NodeName.of(home), true));
        var keys =
                started.add(PostgresKeys.join(database, log.node().incarnation(), clock, random));
        var catalog = new Catalog(new PostgresRegistry(database), clock);
        var upstream = started.add(new Upstream());
        var settings = started.add(settings(how, home, clock));
        var ledger = started.add(ledger(database, log, settings));
        var archive = new Archive(database, () -> closed(settings.current(), home));
        log.archive(archive);
        var upkeep =
                started.add(
                        new Upkeep(new Partitions(database), new Vitals(database), archive, clock)
                                .start());
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

        var live = started.add(new Live(log, redactor, Api::frame, how.mostReaders()));
        var engine =
                new Engine(
                        new Parts(
                                log,
                                catalog,
                                models,
                                hands,
                                redactor,
                                clock,
                                random,
                                live,
                                new Purse(ledger, () -> settings.current().toolPrices())),
                        Dispatchers.find(how, settings, secrets, log.node().name()));
        started.add(() -> engine.stop(log.node().isFenced() ? Duration.ZERO : how.drainTime()));
        started.add(log.listen(new LogNews(live, engine, this::fenced)));

        var starts =
                starts(
                        database,
                        log,
                        new Starter(catalog, engine, redactor, settings::current),
                        engine);
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
                                new StoreParts(archive, upkeep::vitals),
                                new StartParts(starts, sweeper::sooner),
                                clock,
                                BUILD,
                                stop::order));
        var vendors =
                new GatewayApi(
                        gateway.relay(), settings::current, gateway.telemetry().figures()::text);
        var routes = api.routes().and(vendors.routes());
        var guard = new Alive(log.node(), activity.noting(api.guard()));
        var http = started.add(listen(how, guard, routes));
        log.node().reports(new Shown(BUILD, http.url().toString(), engine));
        engine.start();
        started.add(ReadyFile.write(home, http.url(), BUILD));
        var idle = how.idleStop();
        if (idle != null) {
            started.add(new IdleStop(activity, http, idle, stop));
        }
        LOG.info("ready at {}", http.url());
        return new Running(started, http, keys, log, engine);
    }

    /// Called by the thread that found out, and has nothing more to do.
    private void fenced() {
        Thread.ofPlatform().name("rejoin").start(this::rejoin);
    }

    /// Begins anew, as another run of this node, at the same port. What the former one had under
    /// way is cut: others have its sessions.
    private void rejoin() {
        turn.lock();
        try {
            var former = running;
            if (closing || former == null) {
                return;
            }
            LOG.warn("joining again, as a new run of this node");
            var how = options.withPort(former.http().url().getPort());
            running = null;
            former.started().close();
            for (int failures = 1; !closing && running == null; failures++) {
                rejoin(how, failures);
            }
        } finally {
            turn.unlock();
        }
    }

    private void rejoin(Options how, int failures) {
        try {
            join(how);
        } catch (RuntimeException e) {
            LOG.warn("cannot join yet, attempt {}: {}", failures, e.toString());
            LockSupport.parkNanos(Math.min(failures * 500_000_000L, LONGEST_PAUSE.toNanos()));
        }
    }

    private static DatabaseAddress address(
            Options options,
            HomeFolder home,
            Stop stop,
            Consumer<String> progress,
            Started started) {
        var named = options.database();
        if (named.isPresent()) {
            var folder = Path.of(named.get());
            if (!named.get().contains("://") && Files.isDirectory(folder)) {
                progress.accept("using the database of the server in " + folder);
                var address = EmbeddedPostgres.running(new HomeFolder(folder).postgres());
                home.usesDatabaseOf(folder.toAbsolutePath().normalize().toString());
                return address;
            }
            progress.accept("using the PostgreSQL that was named");
            var address = DatabaseAddress.parse(named.get());
            home.usesDatabaseOf("url");
            return address;
        }
        home.usesDatabaseOf(null);
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

    private static ArchivePolicy closed(Settings settings, HomeFolder home) {
        var sessions = settings.sessions();
        var folder = sessions.archive();
        return new ArchivePolicy(
                sessions.keep(),
                folder == null ? null : home.folder().resolve(folder),
                sessions.archiveKeep());
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
                        LedgerSettings.USUAL.withRetention(
                                now.prompts().retention(), now.ledger()));
        var directory = new PostgresDirectory(database);
        settings.listen(changed -> apply(changed, ledger, log, directory));
        apply(now, ledger, log, directory);
        return ledger;
    }

    private static void apply(
            Settings settings,
            PostgresLedger ledger,
            PostgresSessionLog log,
            PostgresDirectory directory) {
        log.limitTeams(
                settings.teams().values().stream()
                        .filter(team -> team.atOnce() > 0)
                        .collect(Collectors.toMap(Settings.Team::name, Settings.Team::atOnce)));
        ledger.rules().replaceConfigured(settings.budgets(), settings.zone());
        ledger.retain(settings.prompts().retention(), settings.ledger());
        var teams = new HashMap<String, Optional<String>>();
        settings.teams()
                .values()
                .forEach(team -> teams.put(team.name(), Optional.ofNullable(team.description())));
        directory.enterTeams(teams, new Principal(Principal.Kind.SERVICE, SettingsReader.FILE));
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
        return now().http().url();
    }

    private Running now() {
        var now = running;
        if (now == null) {
            throw new IllegalStateException("this server is no node at this moment");
        }
        return now;
    }

    /// The state folder.
    Path folder() {
        return home.folder();
    }

    /// A key for the first administrator, if this database never had a key. To be shown to a person
    /// and then forgotten.
    Optional<String> firstKey() {
        return now().keys().createFirst("first admin", FIRST).map(PostgresKeys.Made::text);
    }

    /// Hands sessions over, accepts nothing more, lets what is being written be written, and ends
    /// everything.
    @Override
    public void close() {
        LOG.info("stopping");
        closing = true;
        var draining = running;
        if (draining != null) {
            drain(draining);
        }
        turn.lock();
        try {
            var last = running;
            running = null;
            if (last != null) {
                last.started().close();
            }
        } finally {
            turn.unlock();
            machine.close();
        }
    }

    private static void drain(Running running) {
        running.engine().drain(true);
        try {
            var _ = running.log().nodes().drain(running.log().node().incarnation(), true);
        } catch (DatabaseException e) {
            LOG.warn("the other nodes cannot be told that this one stops: {}", e.getMessage());
        }
    }
}

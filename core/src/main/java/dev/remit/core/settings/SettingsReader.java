package dev.remit.core.settings;

import dev.remit.core.settings.Settings.PriceOverride;
import dev.remit.core.settings.Settings.Prompts;
import dev.remit.core.settings.Settings.Route;
import dev.remit.core.settings.Settings.Telemetry;
import dev.remit.core.text.Faults;
import dev.remit.core.text.Fields;
import dev.remit.core.text.Formats;
import dev.remit.core.text.Nearest;
import dev.remit.core.text.Source;
import dev.remit.core.tool.PriceFields;
import dev.remit.core.tool.ToolPrice;
import dev.remit.core.tool.ToolPrices;
import java.math.BigDecimal;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `remit.yaml`: text in, settings or all faults at once out. Pure: the same texts always
/// give the same, and nothing else is looked at.
public final class SettingsReader {
    public static final String FILE = "remit.yaml";
    public static final String FORMAT = "server/v1";

    private static final Duration SHORTEST_KEPT = Duration.ofMinutes(1);
    private static final Duration LONGEST_KEPT = Duration.ofDays(3650);

    private static final Pattern TOOL = Pattern.compile("[a-z0-9_.*-]{1,64}");

    private final Fields fields;
    private final Faults faults;
    private final Function<String, @Nullable String> beside;

    private SettingsReader(Fields fields, Function<String, @Nullable String> beside) {
        this.fields = fields;
        this.faults = fields.faults();
        this.beside = beside;
    }

    /// @param text of the file
    /// @param beside gives the text of a file in the same folder, such as a schema, by the path
    ///   that is written; nothing if there is none
    public static SettingsReading read(String text, Function<String, @Nullable String> beside) {
        return read(FILE, text, beside);
    }

    /// @param file its name, as faults give it
    public static SettingsReading read(
            String file, String text, Function<String, @Nullable String> beside) {
        var faults = new Faults();
        var source = Source.read(file, text, faults);
        source.ifPresent(s -> Keyless.check(s, faults));
        var settings =
                source.flatMap(s -> Fields.at(s, "", Keys.FILE, faults))
                        .map(fields -> new SettingsReader(fields, beside).settings());
        if (settings.isEmpty() && faults.isEmpty()) {
            throw new IllegalStateException("nothing was read, and nobody said why");
        }
        return new SettingsReading(
                Keyless.cleaned(faults.sorted()), faults.isEmpty() ? settings.orElse(null) : null);
    }

    private Settings settings() {
        Formats.version(fields, FORMAT);
        var organisation = fields.text("organisation");
        var providers = new ProviderReader(fields).read();
        var routes = routes(providers.keySet());
        var money = new BudgetReader(fields);
        var teams = money.teams();
        return new Settings(
                organisation == null ? Defaults.SETTINGS.organisation() : organisation,
                zone(),
                providers,
                routes,
                teams,
                money.budgets(),
                new GuardReader(fields, routes.keySet()).read(),
                prices(providers),
                toolPrices(),
                prompts(),
                telemetry(),
                new DispatcherReader(fields).read(),
                sessions(),
                ledger());
    }

    private ZoneId zone() {
        var name = fields.text("time_zone");
        if (name == null) {
            return Defaults.SETTINGS.zone();
        }
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            fields.fault(
                    "time_zone",
                    "there is no time zone `" + name + "`",
                    Nearest.to(name, ZoneId.getAvailableZoneIds())
                            .map(near -> "did you mean `" + near + "`?")
                            .orElse("a name such as Europe/Berlin or UTC"));
            return Defaults.SETTINGS.zone();
        }
    }

    private Map<String, Route> routes(Set<String> providers) {
        var routes = new LinkedHashMap<String, Route>();
        var reader = new RouteReader(fields.source(), faults, providers, beside);
        fields.entries("routes")
                .forEach((name, pointer) -> {
                    if (Names.isRoute(name)) {
                        reader.read(name, pointer).ifPresent(route -> routes.put(name, route));
                    } else {
                        faults.add(
                                fields.source().file(),
                                fields.source().key(pointer),
                                "`" + name + "` is no name of a route",
                                "letters, digits, `-`, `_` and `.`, such as fast");
                    }
                });
        return routes;
    }

    private Map<String, PriceOverride> prices(Map<String, Settings.Provider> providers) {
        var prices = new LinkedHashMap<String, PriceOverride>();
        fields.entries("prices")
                .forEach((name, pointer) -> {
                    Names.target(fields.source(), pointer, name, providers.keySet(), true, faults);
                    Fields.at(fields.source(), pointer, Keys.PRICE, faults)
                            .map(SettingsReader::price)
                            .ifPresent(price -> prices.put(name, price));
                });
        return prices;
    }

    private ToolPrices toolPrices() {
        if (fields.get("tool_prices") == null) {
            fields.entries("tool_prices"); // told, if it is there and empty
            return ToolPrices.NONE;
        }
        var names = Set.copyOf(fields.entries("tool_prices").keySet());
        var prices = new LinkedHashMap<String, ToolPrice>();
        fields.object("tool_prices", names)
                .ifPresent(given ->
                        names.stream().sorted().forEach(name -> toolPrice(given, name, prices)));
        return new ToolPrices(prices);
    }

    private static void toolPrice(Fields given, String name, Map<String, ToolPrice> prices) {
        if (!TOOL.matcher(name).matches()) {
            given.faults()
                    .add(
                            given.source().file(),
                            given.source().key(given.pointer(name)),
                            "`" + name + "` is no name of a tool, and no pattern over names",
                            "such as maps.route, or maps.*");
            return;
        }
        var price = PriceFields.read(given, name);
        if (price != null) {
            prices.put(name, price);
        }
    }

    private static PriceOverride price(Fields price) {
        // Dollars for a million tokens; the dearest models there are cost a few hundred.
        var most = BigDecimal.valueOf(1_000_000);
        var least = new BigDecimal("0.000001");
        for (var key : List.of("input", "output")) {
            if (!price.has(key)) {
                price.missing(key, "dollars for a million tokens, such as " + key + ": 1.25");
            }
        }
        return new PriceOverride(
                Objects.requireNonNullElse(price.decimal("input", least, most), BigDecimal.ONE),
                // Models that only read, as for embeddings, write nothing.
                Objects.requireNonNullElse(
                        price.decimal("output", BigDecimal.ZERO, most), BigDecimal.ONE),
                price.decimal("cache_read", least, most),
                price.decimal("cache_write", least, most),
                price.decimal("reasoning", least, most),
                price.decimal("input_audio", least, most));
    }

    private Duration ledger() {
        return fields.object("ledger", Keys.LEDGER)
                .map(ledger ->
                        Duration.ofDays(
                                ledger.integer(
                                        "days",
                                        1,
                                        LONGEST_KEPT.toDays(),
                                        Settings.LEDGER.toDays())))
                .orElse(Settings.LEDGER);
    }

    private Prompts prompts() {
        var standard = Defaults.PROMPTS;
        return fields.object("prompts", Keys.PROMPTS)
                .map(prompts ->
                        new Prompts(
                                prompts.word("keep", Prompts.Keep.class, standard.keep()),
                                Duration.ofDays(
                                        prompts.integer(
                                                "days",
                                                1,
                                                LONGEST_KEPT.toDays(),
                                                standard.retention().toDays()))))
                .orElse(standard);
    }

    private Settings.Sessions sessions() {
        var standard = Defaults.SESSIONS;
        return fields.object("sessions", Keys.SESSIONS)
                .map(sessions -> {
                    var keep = sessions.duration("keep", SHORTEST_KEPT, LONGEST_KEPT);
                    var folder = sessions.text("archive");
                    return new Settings.Sessions(
                            keep == null ? standard.keep() : keep,
                            folder == null
                                    ? standard.archive()
                                    : folder.equals("none") ? null : folder,
                            sessions.duration("archive_keep", SHORTEST_KEPT, LONGEST_KEPT));
                })
                .orElse(standard);
    }

    private Telemetry telemetry() {
        var standard = Defaults.SETTINGS.telemetry();
        return fields.object("telemetry", Keys.TELEMETRY)
                .map(telemetry -> {
                    URI otlp = Names.url(telemetry, "otlp");
                    var sampled = telemetry.decimal("sampled", BigDecimal.ZERO, BigDecimal.ONE);
                    return new Telemetry(
                            otlp,
                            Names.headers(telemetry, true),
                            sampled == null ? standard.sampled() : sampled.doubleValue());
                })
                .orElse(standard);
    }
}

package dev.remit.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The list of modules is the architecture; this keeps it true.
class ArchitectureTest {
    private static final JavaClasses REMIT =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.remit");

    private static void holds(ArchRule rule) {
        rule.allowEmptyShould(false).check(REMIT);
    }

    private static String[] inside(String modules) {
        return Stream.concat(
                        Arrays.stream(modules.split(" "))
                                .map(module -> "dev.remit." + module + ".."),
                        Stream.of("java..", "javax..", "jdk..", "org.jspecify.."))
                .toArray(String[]::new);
    }

    @ParameterizedTest
    @CsvSource({
        "core, core",
        "http, http",
        "store, store core",
        "gateway, gateway core http",
        "hands, hands core http",
        "runtime, runtime core",
        "server, server core http store gateway hands runtime"
    })
    void a_module_sees_only_those_below_it(String module, String seen) {
        var strangers = resideInAPackage("dev.remit..").and(not(resideInAnyPackage(inside(seen))));
        holds(
                noClasses()
                        .that()
                        .resideInAPackage("dev.remit." + module + "..")
                        .should()
                        .dependOnClassesThat(strangers));
    }

    @Test
    void the_core_is_pure_of_everything_but_values() {
        holds(
                noClasses()
                        .that()
                        .resideInAPackage("dev.remit.core..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "java.sql..",
                                "java.net.http..",
                                "java.nio.file..",
                                "org.slf4j..",
                                "org.eclipse..",
                                "org.apache.."));
    }

    @Test
    void the_runtime_uses_ports_alone() {
        holds(
                classes()
                        .that()
                        .resideInAPackage("dev.remit.runtime..")
                        .should()
                        .onlyDependOnClassesThat(
                                resideInAnyPackage(
                                        "dev.remit.runtime..",
                                        "dev.remit.core..",
                                        "java.lang..",
                                        "java.util..",
                                        "java.time..",
                                        "java.math..",
                                        "tools.jackson.databind..",
                                        "org.slf4j..",
                                        "org.jspecify..")));
    }

    @ParameterizedTest
    @CsvSource({
        "dev.cel.., core",
        "com.cronutils.., core",
        "com.networknt.., core",
        "org.eclipse.jetty.., http",
        "org.apache.hc.., http",
        "org.postgresql.., store",
        "com.zaxxer.., store",
        "org.flywaydb.., store"
    })
    void a_library_is_seen_by_one_module_and_by_fakes_that_misbehave_with_it(
            String library, String module) {
        holds(
                noClasses()
                        .that()
                        .resideOutsideOfPackages("dev.remit." + module + "..", "..fake..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(library));
    }

    @Test
    void sql_is_written_in_the_store_alone() {
        holds(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("dev.remit.store..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("java.sql.."));
    }

    @Test
    void packages_have_no_cycles() {
        slices().matching("dev.remit.(**)").should().beFreeOfCycles().check(REMIT);
    }

    @Test
    void no_class_is_named_for_nothing() {
        holds(noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Impl)"));
    }

    @Test
    void time_and_chance_are_passed_in() {
        holds(
                noClasses()
                        .that()
                        .resideInAnyPackage("dev.remit.core..", "dev.remit.runtime..")
                        .should()
                        .dependOnClassesThat()
                        .areAssignableTo(Date.class)
                        .orShould()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .callMethod(Math.class, "random")
                        .orShould()
                        .callMethod(Instant.class, "now")
                        .orShould()
                        .callMethod(Clock.class, "systemUTC")
                        .orShould()
                        .callMethod(UUID.class, "randomUUID"));
    }

    @Test
    void nothing_shared_can_be_assigned_anew() {
        holds(fields().that().areStatic().and().areNotPrivate().should().beFinal());
        holds(fields().that().arePublic().should().beFinal());
    }

    @Test
    void every_package_says_that_null_is_marked() {
        List<String> unmarked =
                REMIT.stream()
                        .map(JavaClass::getPackage)
                        .distinct()
                        .filter(p -> p.getClasses().stream().anyMatch(c -> !isPackageInfo(c)))
                        .filter(p -> !p.isAnnotatedWith(NullMarked.class))
                        .map(p -> p.getName())
                        .toList();
        assertThat(unmarked).isEmpty();
    }

    private static boolean isPackageInfo(JavaClass type) {
        return type.getSimpleName().equals("package-info");
    }

    @Test
    void exceptions_are_never_bare() {
        holds(GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS);
    }
}

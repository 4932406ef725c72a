package dev.hubbub;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;

/** Holds the room map of {@code package-info} and the few rules that give it its force. */
@AnalyzeClasses(packages = "dev.hubbub", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String HUB = "dev.hubbub";
    private static final String CLI = HUB + ".cli";

    /** Each room and the rooms it may enter; changing it takes a design note. */
    private static final Map<String, List<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("protocol", List.of()),
            Map.entry("config", List.of()),
            Map.entry("auth", List.of("protocol", "config")),
            Map.entry("permission", List.of("protocol", "config", "auth")),
            Map.entry("bus", List.of("protocol")),
            Map.entry("telemetry", List.of("protocol", "config")),
            Map.entry("replay", List.of("protocol", "config", "bus", "telemetry")),
            Map.entry("presence", List.of("protocol", "config", "bus", "telemetry")),
            Map.entry("trace", List.of("protocol", "config", "bus")),
            Map.entry("history", List.of("protocol")),
            Map.entry("verify", List.of("protocol", "history")),
            Map.entry("cluster", List.of("protocol", "config", "bus", "replay")),
            Map.entry("redis", List.of("protocol", "config", "bus", "replay")),
            Map.entry(
                    "messaging",
                    List.of(
                            "protocol",
                            "config",
                            "auth",
                            "permission",
                            "bus",
                            "replay",
                            "presence",
                            "trace",
                            "telemetry")),
            Map.entry("gateway", List.of("protocol", "config", "auth", "messaging")),
            Map.entry("http", List.of("protocol", "config", "auth", "messaging")),
            Map.entry("ops", List.of("protocol", "config", "auth", "messaging", "bus")));

    @ArchTest
    void eachRoomEntersOnlyTheRoomsThatTheMapAllows(JavaClasses hub) {
        MAY_IMPORT.forEach((room, allowed) -> {
            List<String> closed = new ArrayList<>(List.of(HUB, CLI));
            MAY_IMPORT.keySet().stream()
                    .filter(other -> !other.equals(room) && !allowed.contains(other))
                    .map(other -> HUB + "." + other)
                    .forEach(closed::add);
            noClasses()
                    .that()
                    .resideInAPackage(HUB + "." + room)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(closed.toArray(String[]::new))
                    .because("the room " + room + " may enter only " + allowed)
                    .check(hub);
        });
    }

    @ArchTest
    void everyPackageIsOnTheMap(JavaClasses hub) {
        List<String> rooms = new ArrayList<>(List.of(HUB, CLI));
        MAY_IMPORT.keySet().forEach(room -> rooms.add(HUB + "." + room));
        classes().should().resideInAnyPackage(rooms.toArray(String[]::new)).check(hub);
    }

    @ArchTest
    static final ArchRule roomsFormNoCycle =
            slices().matching(HUB + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheBusRoomTouchesTheEventBus = noClasses()
            .that()
            .resideOutsideOfPackages(HUB + ".bus", HUB + ".cluster", HUB)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx.core.eventbus..");

    @ArchTest
    static final ArchRule wordsAndDecisionsNeedNoVertxInstance = noClasses()
            .that()
            .resideInAnyPackage(HUB + ".protocol", HUB + ".permission", HUB + ".config")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Vertx.class);

    @ArchTest
    static final ArchRule nobodyBlocksOrMakesThreads = noClasses()
            .that()
            .resideOutsideOfPackages(HUB, CLI)
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(CompletableFuture.class, "join")
            .orShould()
            .callMethod(CompletableFuture.class, "get")
            .orShould()
            .callMethod(io.vertx.core.Future.class, "await")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(CountDownLatch.class)
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Executors.class, ThreadPoolExecutor.class, ForkJoinPool.class)
            .orShould()
            .callConstructorWhere(
                    JavaCall.Predicates.target(HasOwner.Predicates.With.owner(assignableTo(Thread.class))));

    @ArchTest
    static final ArchRule thereIsNoStaticMutableState =
            fields().that().areStatic().should().beFinal();

    @ArchTest
    static final ArchRule timeIsHandedIn = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now");
}

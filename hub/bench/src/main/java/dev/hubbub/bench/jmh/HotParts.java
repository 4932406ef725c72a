package dev.hubbub.bench.jmh;

import dev.hubbub.auth.Caller;
import dev.hubbub.auth.Identity;
import dev.hubbub.config.ConfigLoader;
import dev.hubbub.config.DeliveryKind;
import dev.hubbub.permission.Action;
import dev.hubbub.permission.PermissionRules;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.Decoded;
import dev.hubbub.protocol.EventContent;
import dev.hubbub.protocol.EventFrame;
import dev.hubbub.protocol.FrameCodec;
import dev.hubbub.protocol.Position;
import dev.hubbub.replay.Append;
import dev.hubbub.replay.AppendResult;
import dev.hubbub.replay.LogPolicy;
import dev.hubbub.replay.ReplayLog;
import dev.hubbub.replay.Turn;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What every event or every frame goes through: reading, judging, appending, writing. One thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HotParts {
    private static final String BODY = "{\"type\":\"canvas.node.moved\",\"payload\":{\"x\":1200,\"y\":3400,\"text\":\""
            + "the quick brown fox jumps over the lazy dog ".repeat(3) + "\"}}";
    private static final String PUBLISH =
            "{\"type\":\"publish\",\"address\":\"workspace:w7\",\"headers\":{},\"body\":" + BODY + "}";
    private static final String RULES = """
            addresses:
              - { match: "user:{id}", subscribe: claims.sub == id, publish: false }
              - { match: "price:{symbol}", subscribe: true, publish: false }
              - { match: "cursor:{doc}", subscribe: doc in claims.documents, publish: doc in claims.documents }
              - { match: "workspace:{ws}", subscribe: ws in claims.workspaces, publish: 'claims.role in ["agent", "admin"]' }
            """;
    private static final LogPolicy POLICY =
            new LogPolicy(DeliveryKind.LOG, 1_000, Long.MAX_VALUE, Long.MAX_VALUE, false);
    private static final Turn TURN = new Turn("owner1", "epoch1", 1_000);

    private final Address address = new Address("workspace:w7");
    private final PermissionRules rules =
            PermissionRules.compile(new ConfigLoader(Map.of()).load("hub.yaml", RULES, List.of()));
    private final Caller caller = new Caller.User(
            new Identity(
                    Optional.of("alice"),
                    Map.of("sub", "alice", "role", "agent", "workspaces", List.of("w1", "w7"), "documents", List.of()),
                    Optional.empty(),
                    0,
                    Long.MAX_VALUE),
            new Caller.ConnectionInfo("127.0.0.1", ""));
    private final Position position = new Position("01JAAAAAAAAAAAAAAAAAAAAAAA", "owner1", 4_711);
    private final String positionText = position.toString();
    private final Buffer json = Buffer.buffer(BODY);
    private final ReplayLog log = new ReplayLog(address, POLICY, TURN);
    private long number;

    /** One {@code publish} frame of 270 bytes from its text. */
    @Benchmark
    public Decoded decodePublish() {
        return FrameCodec.decode(PUBLISH);
    }

    /** A position from its text, as a client hands it back. */
    @Benchmark
    public Optional<Position> parsePosition() {
        return Position.parse(positionText);
    }

    /** A permission that the fourth of four rules decides by an expression. */
    @Benchmark
    public boolean decide() {
        return rules.allows(caller, Action.PUBLISH, address);
    }

    /** The frame of an event, built once for all its subscribers. */
    @Benchmark
    public EventFrame encodeEvent() {
        return new EventFrame(address, Optional.of(position), content("id"), Optional.empty());
    }

    /** One event appended to a log that holds its thousand, so that each makes the oldest go. */
    @Benchmark
    public AppendResult append() {
        String id = "event" + number++;
        return log.append(new Append(address, POLICY, content(id), id, Optional.empty(), "alice"), TURN);
    }

    private EventContent content(String id) {
        return new EventContent(
                id,
                Optional.of("canvas.node.moved"),
                "alice",
                Optional.empty(),
                EventContent.NO_VERSION,
                1_000,
                7,
                json);
    }
}

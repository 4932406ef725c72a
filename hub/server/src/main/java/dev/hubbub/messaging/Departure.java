package dev.hubbub.messaging;

import dev.hubbub.bus.EventLoop;
import dev.hubbub.messaging.Connections.Connection;
import dev.hubbub.protocol.CloseCode;
import java.util.List;
import java.util.function.Predicate;

/**
 * Sends the connections of one loop away, one after the other and evenly over a window.
 *
 * <p>Each is told another wait before it comes back, as long as there are fewer connections than milliseconds in the
 * spread. The waits are scattered, so that they do not undo the evenness of the window. Confined to its loop.
 */
final class Departure {
    /** Connections that are due within one step leave together. */
    private static final long STEP_MILLIS = 20;
    /** Has no divisor in common with the spreads that are used, so that a wait comes again after all others only. */
    private static final long STRIDE = 733;

    private final EventLoop loop;
    private final LoopQuestion.SendAway how;
    private final List<Connection> leaving;
    private final Predicate<Recipient> wantsNotice;
    private long beganMillis;
    private int left;
    private boolean stopped;

    /**
     * Prepares a departure.
     *
     * @param leaving who leaves, in this order; one that is closed already when it is its turn is passed over
     * @param wantsNotice who is told before the close
     */
    Departure(
            EventLoop loop,
            LoopQuestion.SendAway how,
            List<? extends Connection> leaving,
            Predicate<Recipient> wantsNotice) {
        this.loop = loop;
        this.how = how;
        this.leaving = List.copyOf(leaving);
        this.wantsNotice = wantsNotice;
    }

    /** Begins; with a window of 0 everybody leaves now. */
    void start() {
        beganMillis = loop.clock().millis();
        step();
    }

    /** Lets nobody leave any more: another departure takes over. */
    void stop() {
        stopped = true;
    }

    private void step() {
        if (stopped) {
            return;
        }
        long elapsed = loop.clock().millis() - beganMillis;
        int due = elapsed >= how.windowMillis()
                ? leaving.size()
                : (int) (leaving.size() * Math.max(0, elapsed) / how.windowMillis());
        while (left < due) {
            sendAway(leaving.get(left), left);
            left++;
        }
        if (left < leaving.size()) {
            loop.after(STEP_MILLIS, this::step);
        }
    }

    private void sendAway(Connection connection, int rank) {
        sendAway(connection, 1 + (rank * (long) how.turns() + how.turn()) * STRIDE % how.spreadMillis());
    }

    private void sendAway(Connection connection, long waitMillis) {
        if (wantsNotice.test(connection)) {
            connection.draining(waitMillis);
        }
        connection.close(CloseCode.GOING_AWAY, "reconnect in " + waitMillis + " ms");
    }

    /** Sends somebody away who has come only now. */
    void tooLate(Connection connection) {
        sendAway(connection, how.spreadMillis());
    }
}

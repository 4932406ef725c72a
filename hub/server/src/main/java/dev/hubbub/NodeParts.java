package dev.hubbub;

import dev.hubbub.messaging.MessagingLoop;
import dev.hubbub.protocol.ConnectionId;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * What the verticles of one node share.
 *
 * @param live the config in force; a reload swaps it
 * @param world what messaging uses
 * @param clock the time
 * @param connectionIds names for connections
 * @param development development mode, if the node is in it
 * @param publicPort the public port, once a verticle listens
 * @param opsPort the operators' port, once it listens
 * @param certificates keeps the public listener's certificate fresh
 */
record NodeParts(
        ConfigInForce live,
        MessagingLoop.World world,
        Clock clock,
        Supplier<ConnectionId> connectionIds,
        Optional<DevelopmentMode> development,
        AtomicInteger publicPort,
        AtomicInteger opsPort,
        Certificates certificates) {}

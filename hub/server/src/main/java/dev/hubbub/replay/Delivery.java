package dev.hubbub.replay;

import dev.hubbub.config.DeliveryKind;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.EventFrame;
import java.util.List;

/**
 * New events of one address, on their way from its owner to a listening event loop.
 *
 * @param address where
 * @param kind what the address keeps
 * @param events in the order of the log, offsets without a hole; never empty
 */
public record Delivery(Address address, DeliveryKind kind, List<EventFrame> events) {}

/**
 * The hub: wiring in one readable place, and the room map.
 *
 * <pre>
 * room        purpose                                   may import
 * protocol    the words on the wire                     -
 * config      what the operator said                    -
 * auth        who is it                                 protocol, config
 * permission  may they                                  protocol, config, auth
 * bus         how nodes talk                            protocol
 * replay      what was said, in order                   protocol, config, bus
 * presence    who is here                             protocol, config, bus
 * trace       what was decided for whom               protocol, config, bus
 * history     what clients saw, checked for faults      protocol
 * verify      a running hub, proved from outside          protocol, history
 * cluster     the only room that knows Hazelcast        protocol, config, bus, replay
 * redis       the only room that knows Redis            protocol, config, bus, replay
 * messaging   the verbs, each passing permission        all above
 * gateway     sockets                                   protocol, config, auth, messaging
 * http        the HTTP API and SSE                      protocol, config, auth, messaging
 * ops         operators                                 protocol, config, auth, messaging, bus
 * cli         commands                                  everything; nobody imports it
 * </pre>
 *
 * <p>{@code ArchitectureTest} holds this table.
 */
@NullMarked
package dev.hubbub;

import org.jspecify.annotations.NullMarked;

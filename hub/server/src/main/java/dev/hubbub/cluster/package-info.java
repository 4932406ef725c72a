/** The only room that knows Hazelcast: membership, ownership and replicated logs; the door is {@code ClusterNode}. */
@NullMarked
package dev.hubbub.cluster;

import org.jspecify.annotations.NullMarked;

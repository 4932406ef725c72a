/** What a node tells of itself while it works: histograms, event loops, the way of single events, lines of the log. */
@NullMarked
package dev.hubbub.telemetry;

import org.jspecify.annotations.NullMarked;

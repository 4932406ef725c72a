package dev.hubbub.verify;

import dev.hubbub.history.Recorder;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;

/**
 * What the probes of one verification share.
 *
 * @param run a name that no other verification has, so that ids are new
 */
record ProbeWorld(
        Vertx vertx, HubCalls calls, WebSocketClient sockets, VerifyPlan plan, Recorder recorder, String run) {}

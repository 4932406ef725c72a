package dev.hubbub.replay;

/** What the owners of other nodes send to the inbox in which a node gets its events. */
sealed interface ListenerMessage permits LinkBatch, Canary {}

/** Proves a running hub from outside: publishes, listens, cuts its own sockets, and judges what it was given. */
@NullMarked
package dev.hubbub.verify;

import org.jspecify.annotations.NullMarked;

/** The HTTP API and Server-Sent Events; sees the hub through {@code messaging} only. */
@NullMarked
package dev.hubbub.http;

import org.jspecify.annotations.NullMarked;

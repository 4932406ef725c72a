/**
 * Who is it: a token or key becomes a {@code Caller}; revocations; the doors are {@code TokenVerifier} and
 * {@code ApiKeys}.
 */
@NullMarked
package dev.hubbub.auth;

import org.jspecify.annotations.NullMarked;

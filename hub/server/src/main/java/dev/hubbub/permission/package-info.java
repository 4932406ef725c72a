/** May they: address rules, patterns and CEL expressions, decided with reasons; the door is {@code PermissionRules}. */
@NullMarked
package dev.hubbub.permission;

import org.jspecify.annotations.NullMarked;

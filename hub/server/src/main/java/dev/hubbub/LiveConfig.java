package dev.hubbub;

import dev.hubbub.auth.ApiKeys;
import dev.hubbub.auth.TokenVerifier;
import dev.hubbub.config.HubConfig;
import dev.hubbub.messaging.EventContracts;
import dev.hubbub.permission.PermissionRules;

/**
 * One config with all that was compiled from it, swapped as a whole by a reload.
 *
 * @param config what the operator said
 * @param rules the compiled rules
 * @param contracts the event contracts
 * @param verifier checks tokens
 * @param apiKeys knows services
 */
record LiveConfig(
        HubConfig config, PermissionRules rules, EventContracts contracts, TokenVerifier verifier, ApiKeys apiKeys) {}

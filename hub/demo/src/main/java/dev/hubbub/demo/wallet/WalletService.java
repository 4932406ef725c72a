package dev.hubbub.demo.wallet;

import dev.hubbub.demo.Answers;
import dev.hubbub.demo.DemoContext;
import dev.hubbub.demo.DemoException;
import dev.hubbub.demo.DemoService;
import dev.hubbub.demo.Spaces;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;

/**
 * The back end of the wallets: it owns the balances, takes each transaction once, and tells what the chain makes of it.
 *
 * <p>A page chooses the transaction's id; sending the same id again is answered with what became of the first one.
 */
public final class WalletService implements DemoService {
    private static final Map<String, String> NAMES = Map.of("ada", "Ada", "bo", "Bo");

    private final DemoContext context;
    private final Spaces<Chain> chains;

    /** Creates it. */
    public WalletService(DemoContext context) {
        this.context = context;
        this.chains = new Spaces<>(space -> new Chain(context, NAMES.keySet(), space));
    }

    @Override
    public String name() {
        return "wallet";
    }

    @Override
    public Optional<JsonObject> claims(String user, String space) {
        return Optional.ofNullable(NAMES.get(user))
                .map(name -> new JsonObject().put("sub", user + "@" + space).put("name", name));
    }

    @Override
    public void mount(Router router) {
        router.get("/:space").handler(Answers.json(ctx -> chain(ctx).snapshot(own(ctx))));
        router.post("/:space/send").handler(Answers.json(this::send));
    }

    private Future<JsonObject> send(RoutingContext ctx) {
        JsonObject body = Answers.body(ctx);
        Wallet to = chain(ctx).wallet(Answers.text(body, "to", 60));
        long amount = amount(Answers.text(body, "amount", 18));
        return chain(ctx)
                .send(new Chain.Order(
                        Answers.text(body, "tx", 60), Answers.text(body, "id", 100), own(ctx), to, amount));
    }

    private Chain chain(RoutingContext ctx) {
        return chains.get(ctx.pathParam("space"));
    }

    private Wallet own(RoutingContext ctx) {
        return chain(ctx).wallet(context.login().user(ctx));
    }

    /** Amounts are texts of whole numbers: what a browser calls a number loses the last digits of large ones. */
    private static long amount(String text) {
        if (!text.matches("[1-9][0-9]{0,15}")) {
            throw DemoException.badRequest("amount: a whole number above zero, as text");
        }
        return Long.parseLong(text);
    }
}

import { expect, expectTypeOf, test } from "vitest";
import { Hub, type AnyEvent } from "../../src/index.js";
import { FakeHub } from "../support/fake-hub.js";

interface Events {
  "message.created": { readonly text: string };
  "booking.updated": { readonly status: "pending" | "confirmed" };
}

/** What the compiler refuses is checked by `npm run typecheck`; each line below would be accepted without the types. */
test("oneInterfaceTypesPublishesAndEvents", async () => {
  const hub = new Hub<Events>("http://hub.test/eventbus", { WebSocket: new FakeHub().WebSocket });
  const refused = [
    // @ts-expect-error -- no such type of event
    hub.publish("room:1", "message.removed", { text: "hi" }),
    // @ts-expect-error -- not its payload
    hub.publish("room:1", "message.created", { txt: "hi" }),
  ];
  hub.subscribe("room:1", {
    onEvent: (event) => {
      expectTypeOf(event).toEqualTypeOf<AnyEvent<Events>>();
      if (event.type === "booking.updated") {
        expectTypeOf(event.payload.status).toEqualTypeOf<"pending" | "confirmed">();
      }
    },
    on: {
      "message.created": (event) => {
        expectTypeOf(event.payload.text).toBeString();
      },
      // @ts-expect-error -- no such type of event
      "message.removed": () => undefined,
    },
  });
  hub.close();

  await expect(Promise.allSettled(refused)).resolves.toHaveLength(2);
});

test("withoutAnInterfaceAnyTypeGoesAndPayloadsAreUnknown", () => {
  const hub = new Hub("http://hub.test/eventbus", { WebSocket: new FakeHub().WebSocket });
  const subscription = hub.subscribe("room:1", {
    onEvent: (event) => {
      expectTypeOf(event.payload).toBeUnknown();
    },
  });
  hub.close();

  expect(subscription.address).toBe("room:1");
});

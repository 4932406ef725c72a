import { afterEach, expect, inject, test } from "vitest";
import { presence, type Presence } from "../../src/index.js";
import { CuttableProxy } from "./support/cuttable-proxy.js";
import { freshAddress, freshUser } from "./support/names.js";
import { closeSdkClients, sdkClient } from "./support/sdk-client.js";
import { signToken } from "./support/tokens.js";
import { until } from "./support/until.js";

/** For the day the hub has presence: it then moves to `test/e2e/sdk-presence.test.ts`. */
const hubUrl = inject("hubUrl");

afterEach(() => {
  closeSdkClients();
});

test("aUserIsThereOnceOnTwoDevicesAndAShortAbsenceIsNone", async () => {
  const address = freshAddress("present");
  const [sarah, omar] = [freshUser("sarah"), freshUser("omar")];
  const proxy = await CuttableProxy.start(hubUrl);
  const watching = presence<string>(clientOf(omar, hubUrl), address, "watching");
  const changes: string[] = [];
  watching.onChange(({ type, member }) => changes.push(`${type} ${nameOf(member.user)}`));
  const phone = clientOf(sarah, proxy.url);
  const own = presence<string>(phone, address, "reading");
  presence<string>(clientOf(sarah, hubUrl), address);
  await until(
    "two devices of one user",
    () => devicesOf(watching, sarah) === 2 && watching.get().users === 2,
    () => [...watching.get().members.values()],
  );
  own.update("typing");
  await until("state", () => watching.get().members.get(sarah)?.state === "typing");
  proxy.reset();
  await until("own roster again", () => devicesOf(own, sarah) === 2);
  expect(changes).not.toContain("leave sarah");
  closeSdkClients();
  await proxy.stop();

  const late = presence(clientOf(freshUser("ada"), hubUrl), address);
  await until("an empty room", () => late.get().users === 1);
});

function clientOf(user: string, url: string): ReturnType<typeof sdkClient> {
  return sdkClient(url, { token: signToken({ sub: user }) });
}

function devicesOf(who: Presence<string>, user: string): number {
  return who.get().members.get(user)?.devices.length ?? 0;
}

function nameOf(user: string): string {
  return user.split("-")[0] ?? "";
}

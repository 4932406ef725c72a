import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, inject, test } from "vitest";
import { repositoryPath } from "../support/repository.js";

const run = promisify(execFile);
const demoUrl = inject("demoUrl");

test("theLinesForCurlInTheReadmeDoWhatTheySay", async () => {
  const space = `t${process.pid.toString(36)}curl`;
  const answers = await runLines(space);
  const m1 = { id: "m1", author: "sarah", version: 1, text: "Quiet so far", deleted: false };
  const m2 = { id: "m2", author: "sarah", version: 1, text: "Quiet at your end?" };
  const address = `chat:${space}:room:night-shift`;

  expect(answers).toMatchObject([
    [201, { room: { id: "night-shift", name: "Night shift", address, createdBy: "sarah" } }],
    [200, { rooms: [{ id: "general" }, { id: "front-desk" }, { id: "night-shift" }] }],
    [201, { message: m1 }],
    [201, { message: m1 }],
    [200, { message: { id: "m1", version: 2, text: "Quiet" } }],
    [409, { error: "conflict", details: { currentVersion: 2, current: { text: "Quiet" } } }],
    [200, { address, messages: [{ id: "m1", version: 2 }], more: false }],
    [200, {}],
    [200, { users: 0 }],
    [201, { message: m2 }],
    [
      200,
      {
        found: [
          { id: "m2", address: `chat:${space}:dm:omar:sarah` },
          { id: "m1", address },
        ],
      },
    ],
    [200, { rooms: 3, messages: 4, lastMinute: 4, byRoom: { "night-shift": 1 } }],
    [200, { message: { id: "m1", version: 3, deleted: true, text: "" } }],
    [200, {}],
    [404, { error: "not_found" }],
  ]);
});

test("whoHasNoTokenOfTheSpaceIsRefused", async () => {
  const rooms = `${demoUrl}/demo/api/chat/acme/rooms`;
  const other = await token("other", "sarah");
  const forged = other.replace(/.$/, (last) => (last === "A" ? "B" : "A"));

  expect((await fetch(rooms)).status).toBe(401);
  expect((await get(rooms, forged.slice(0, -8))).status).toBe(401);
  expect((await get(rooms, other)).status).toBe(403);
});

test("aRoomIsDeletedByWhoOpenedItOrAModeratorOnly", async () => {
  const space = `t${process.pid.toString(36)}rest`;
  const rooms = `${demoUrl}/demo/api/chat/${space}/rooms`;
  const [sarah, omar, lina] = await Promise.all(
    ["sarah", "omar", "lina"].map((user) => token(space, user)),
  );
  const room = { method: "POST", body: '{"name":"Hers"}' };
  expect((await get(rooms, sarah, room)).status).toBe(201);
  const deletion = { method: "DELETE" };

  expect((await get(`${rooms}/hers`, lina, deletion)).status).toBe(403);
  expect((await get(`${rooms}/general`, sarah, deletion)).status).toBe(403);
  expect((await get(`${rooms}/hers`, omar, deletion)).status).toBe(200);
});

/** Runs the lines, and returns the status and the body of each answer. */
async function runLines(space: string): Promise<[number, unknown][]> {
  const readme = readFileSync(repositoryPath("hub/demo/README.md"), "utf8");
  const lines = /## The chat's REST API[^]*?```sh\n([^]*?)```/.exec(readme)?.[1] ?? "";
  const script = lines
    .replaceAll("http://localhost:8080", demoUrl)
    .replaceAll("acme", space)
    .replaceAll(/^curl -sS/gm, "curl -sS -w '\\n%{http_code}\\n'");
  const { stdout } = await run("bash", ["-euo", "pipefail", "-c", script]);
  const printed = stdout.trimEnd().split("\n");
  return Array.from({ length: printed.length / 2 }, (_, i) => [
    Number(printed[2 * i + 1]),
    JSON.parse(printed[2 * i] ?? ""),
  ]);
}

async function token(space: string, user: string): Promise<string> {
  const response = await fetch(`${demoUrl}/demo/login?demo=chat&user=${user}&space=${space}`);
  return ((await response.json()) as { token: string }).token;
}

function get(url: string, bearer = "", init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, headers: { authorization: `Bearer ${bearer}` } });
}

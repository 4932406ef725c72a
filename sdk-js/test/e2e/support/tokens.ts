import { createHmac, randomUUID } from "node:crypto";

/** The secret that the tests' hub checks tokens with; `hub.yaml` reads it from the environment. */
export const secret = "only-for-tests-0123456789abcdef0123456789abcdef";

/** What a token says beside who issued it, for whom and until when. */
export interface Claims {
  readonly sub: string;
  readonly role?: string;
}

/** Signs a token that is good for a while; a negative time gives one that has expired. */
export function signToken(claims: Claims, goodForSeconds = 600): string {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: "HS256", typ: "JWT" };
  const payload = {
    ...claims,
    iss: "hubbub-tests",
    aud: "hubbub",
    jti: randomUUID(),
    iat: now - 60,
    exp: now + goodForSeconds,
  };
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

/** Signs a token with a key that the hub does not know. */
export function signForeignToken(claims: Claims): string {
  const [header, payload] = signToken(claims).split(".");
  const text = `${String(header)}.${String(payload)}`;
  return `${text}.${createHmac("sha256", "another secret").update(text).digest("base64url")}`;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** The back end says no. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

/** Fetches JSON; a refusal in the hub's shape of errors becomes a {@link Refusal}. */
export async function fetchJson<Answer>(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const body = (await response.json()) as Answer & {
    error?: string;
    message?: string;
    details?: Readonly<Record<string, unknown>>;
  };
  if (!response.ok) {
    const { error = "failed", message = response.statusText, details = {} } = body;
    throw new Refusal(response.status, error, message, details);
  }
  return body;
}

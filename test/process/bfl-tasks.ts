import { setTimeout as sleep } from 'node:timers/promises';

/** A task that the service accepted. */
export interface Accepted {
  readonly id: string;
  readonly seed: number;
  readonly fingerprint: string;
}

/** How a task ended. */
export interface Ended extends Accepted {
  readonly status: string;
  /** The code of what went wrong; null where nothing did. */
  readonly code: string | null;
  readonly url: string | null;
}

export const key = 'fg_for_process_tests';
const headers = { 'content-type': 'application/json', 'x-key': key };

/** Orders a picture: of BFL by an even seed, of the sandbox by an odd one. */
export async function order(url: string, seed: number): Promise<Accepted> {
  const provider = seed % 2 === 0 ? 'bfl' : 'sandbox';
  const response = await fetch(`${url}/v1/flux-2-flex`, {
    method: 'POST',
    headers: { ...headers, 'x-fluxgate-provider': provider },
    body: JSON.stringify({ prompt: 'A picture that survives', seed, width: 128, height: 128, output_format: 'png' }),
  });
  const { id }: { id: string } = JSON.parse(await textOf(response));
  return { id, seed, fingerprint: response.headers.get('x-fluxgate-fingerprint') ?? '' };
}

/** Follows a task as a client does. @throws Error when it has not ended after thirty seconds. */
export async function untilEnded(url: string, task: Accepted): Promise<Ended> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const response = await fetch(`${url}/v1/get_result?id=${task.id}`, { headers });
    const { status, result, details }: Result = JSON.parse(await textOf(response));
    if (status !== 'Pending') return { ...task, status, code: details?.code ?? null, url: result?.sample ?? null };
    if (Date.now() > deadline) throw new Error(`Task ${task.id} has not ended.`);
    await sleep(100);
  }
}

/** The account's usage, as it is told to its owner. */
export async function usageOf(url: string): Promise<{ purchases: number; pictures: number; spent_micros: number }> {
  const { totals } = JSON.parse(await textOf(await fetch(`${url}/v1/usage`, { headers })));
  const { purchases, pictures, spent_micros } = totals;
  return { purchases, pictures, spent_micros };
}

interface Result {
  readonly status: string;
  readonly result: { readonly sample: string } | null;
  readonly details: { readonly code?: string } | null;
}

async function textOf(response: Response): Promise<string> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text}`);
  return text;
}

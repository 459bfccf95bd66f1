import { compare, type Effort, median, ratioOf } from './compare.ts';
import { type LoadGenerator, numberMark, type Shot } from './load.ts';
import type { Row } from './report.ts';
import { key, type Stage } from './stage.ts';

/** What a refusal may take of a machine, next to an order's hit: it must never pay to be refused. */
const aim = { atLeast: 0.5, isPromise: false } as const;

/**
 * Orders of an account that may not buy, each for another picture, against the same order answered from what is stored:
 * a client that goes on and on, once its budget is used up.
 */
export async function refusals({ urls }: Stage, generator: LoadGenerator, effort: Effort): Promise<Row[]> {
  const rows: Row[] = [];
  const stored = orderShot(urls.service, key, '0', [200]);
  await fetch(stored.url, { method: 'POST', headers: stored.headers, body: stored.body });
  for (const [why, limits, status] of [
    ['no credit, 402', { prepaid: true }, 402],
    ['too fast, 429', { requests_per_minute: 1 }, 429],
  ] as const) {
    const broke = await brokeKey(urls.service, limits);
    if (status === 429)
      await fetch(stored.url, { method: 'POST', headers: headersOf(broke), body: bodyOf('4294967295') });
    const refused = orderShot(urls.service, broke, numberMark, [status]);
    const slices = await compare(generator, { refused, stored }, effort);
    const pick = (name: 'refused' | 'stored') => slices[name].map(({ requestsPerSecond }) => requestsPerSecond);
    const [ours, floor] = [pick('refused'), pick('stored')];
    const row = { measure: `refused, ${why}, against an order's hit`, unit: 'requests/s', aim };
    rows.push({ ...row, ours: median(ours), floor: median(floor), ratio: ratioOf(ours, floor) });
  }
  return rows;
}

/** A key of a new account with these limits, and nothing to spend. */
export async function brokeKey(url: string, limits: Readonly<Record<string, unknown>>): Promise<string> {
  const account = await administer(url, '/v1/admin/accounts', { name: 'broke', limits });
  const made = await administer(url, `/v1/admin/accounts/${account.id}/keys`, { name: 'broke' });
  return made.key ?? '';
}

async function administer(url: string, path: string, body: object): Promise<{ readonly id: string; key?: string }> {
  const response = await fetch(url + path, { method: 'POST', headers: headersOf(key), body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

function orderShot(url: string, bearer: string, seed: string, answers: readonly number[]): Shot {
  return {
    url: `${url}/v1/images/generations`,
    method: 'POST',
    headers: headersOf(bearer),
    body: bodyOf(seed),
    answers,
  };
}

const headersOf = (bearer: string) => ({ 'content-type': 'application/json', authorization: `Bearer ${bearer}` });

/** Written out, because the number's mark is no number. */
const bodyOf = (seed: string) => `{"prompt":"bench: refused","size":"128x128","seed":${seed}}`;

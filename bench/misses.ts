import { median } from './compare.ts';
import { startPortkey } from './portkey.ts';
import type { Row } from './report.ts';
import { key, type Stage } from './stage.ts';
import type { Vendor } from './vendor.ts';

const warmUps = 5;
const model = 'black-forest-labs/flux-2-flex';

/** A way to a new picture: from the order to its last byte. */
type Way = (seed: number) => Promise<void>;

/**
 * What is added to a vendor that sells at once, until the caller has the picture's bytes. The vendor alone, the floor
 * and the other gateway pass the order on and leave the picture with the vendor; ours has it stored and accounted for
 * when it answers, and serves it itself.
 */
export async function missOverhead({ urls }: Stage, vendor: Vendor, repeats: number): Promise<Row[]> {
  const portkey = await startPortkey();
  if (portkey.kind === 'absent') process.stderr.write(`${portkey.why} It is left out.\n`);
  const ways: Record<string, Way> = {
    vendor: (seed) => sold(`${vendor.url}/v1/images/generations`, vendor, seed),
    floor: (seed) => sold(`${urls.floor}/proxy`, vendor, seed, { 'x-bench-vendor': vendor.url }),
    ours: (seed) => ordered(urls.vendor, seed),
  };
  if (portkey.kind === 'running') {
    const headers = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${vendor.url}/v1` };
    ways.portkey = (seed) => sold(`${portkey.url}/v1/images/generations`, vendor, seed, headers);
  }
  const times = await takeTurns(ways, repeats);
  if (portkey.kind === 'running') portkey.stop();
  const p50 = (name: string) => median(times[name] ?? []);
  const added = (name: string) => median((times[name] ?? []).map((time, index) => time - (times.vendor?.[index] ?? 0)));
  const row = { unit: 'p50 ms', ratio: null, aim: null };
  return [
    { ...row, measure: 'miss, the vendor alone', ours: p50('vendor'), floor: null },
    { ...row, measure: 'miss, order to last byte', ours: p50('ours'), floor: p50('floor') },
    {
      ...row,
      measure: 'miss, added to the vendor',
      ...{ ours: added('ours'), floor: added('floor'), aim: { atMost: 10, isPromise: false } },
    },
    ...(portkey.kind === 'absent'
      ? []
      : [{ ...row, measure: 'miss, added by @portkey-ai/gateway', ours: added('portkey'), floor: added('floor') }]),
  ];
}

/** All ways one after the other, each round in another order, so that whatever else the machine does befalls them alike. */
async function takeTurns(ways: Readonly<Record<string, Way>>, repeats: number) {
  const names = Object.keys(ways);
  const times: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < warmUps + repeats; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length] ?? '';
      const startedAt = performance.now();
      await ways[name]?.(round);
      if (round >= warmUps) times[name]?.push(performance.now() - startedAt);
    }
  }
  return times;
}

async function sold(url: string, vendor: Vendor, seed: number, headers: Readonly<Record<string, string>> = {}) {
  const credential = { authorization: `Bearer ${vendor.key}` };
  const body = { model, prompt: 'bench: a miss', size: '1024x1024', seed, n: 1 };
  await pictureBytes(await post(url, { ...credential, ...headers }, body));
}

async function ordered(url: string, seed: number) {
  const body = { prompt: 'bench: a miss', size: '1024x1024', seed };
  await pictureBytes(await post(`${url}/v1/images/generations`, { authorization: `Bearer ${key}` }, body));
}

async function post(url: string, headers: Readonly<Record<string, string>>, body: object): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`A miss answered ${response.status}: ${text}`);
  return text;
}

async function pictureBytes(answer: string): Promise<void> {
  const { data }: { data: { url: string }[] } = JSON.parse(answer);
  const response = await fetch(data[0]?.url ?? '');
  const { byteLength } = await response.arrayBuffer();
  if (!response.ok || byteLength === 0) throw new Error(`A picture answered ${response.status}.`);
}

import { median } from './compare.ts';
import type { Row } from './report.ts';
import type { Stage } from './stage.ts';

const promptLengths = [100, 30_000];

/** What one isolate computes in a second: see workers/counting.ts. Each run is long against the request that asks for it. */
export async function computingRates({ urls }: Stage, repeats: number): Promise<Row[]> {
  const row = { unit: 'per second', floor: null, ratio: null, aim: null };
  const rows: Row[] = [];
  const signatures = await ratesOf(`${urls.counting}/bench/signatures`, 5_000, repeats);
  rows.push({ ...row, measure: 'signed links verified', ours: median(signatures) });
  for (const characters of promptLengths) {
    const times = characters > 1_000 ? 1_000 : 5_000;
    const rates = await ratesOf(`${urls.counting}/bench/fingerprints?characters=${characters}`, times, repeats);
    const measure = `fingerprints of a prompt of ${characters.toLocaleString('en')} characters`;
    rows.push({ ...row, measure, ours: median(rates) });
  }
  return rows;
}

async function ratesOf(url: string, times: number, repeats: number): Promise<number[]> {
  const rates: number[] = [];
  for (let round = 0; round <= repeats; round += 1) {
    const target = new URL(url);
    target.searchParams.set('times', String(times));
    const startedAt = performance.now();
    const response = await fetch(target, { method: 'POST' });
    await response.text();
    if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
    if (round > 0) rates.push(times / ((performance.now() - startedAt) / 1000));
  }
  return rates;
}

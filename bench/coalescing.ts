import type { Row } from './report.ts';
import { key, type Stage } from './stage.ts';

const callers = 200;

/** Many callers ask for the same new picture at the same moment, while it takes a second to make. */
export async function coalescing(stage: Stage): Promise<Row[]> {
  const order = { prompt: 'bench: the same at once', size: '256x256', seed: Date.now() % 2 ** 32 };
  const startedAt = performance.now();
  const answers = await Promise.all(Array.from({ length: callers }, () => ask(stage.urls.slow, order)));
  const lastAnswerMs = performance.now() - startedAt;
  const bought = answers.filter(({ source }) => source === 'bought').length;
  const pictures = new Set(answers.map(({ picture }) => picture)).size;
  const rows = await ledgerRows(stage, answers[0]?.fingerprint ?? '');
  const exactlyOne = { atMost: 1, isPromise: true };
  const measure = `${callers} identical at once`;
  return [
    { measure, unit: 'purchases in the ledger', ours: rows, floor: null, ratio: null, aim: exactlyOne },
    { measure, unit: 'callers told that they bought', ours: bought, floor: null, ratio: null, aim: exactlyOne },
    { measure, unit: 'different pictures', ours: pictures, floor: null, ratio: null, aim: exactlyOne },
    { measure, unit: 'ms to the last answer', ours: lastAnswerMs, floor: null, ratio: null, aim: null },
  ];
}

async function ask(url: string, order: object) {
  const response = await fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(order),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`One of ${callers} answered ${response.status}: ${text}`);
  const { data }: { data: { url: string }[] } = JSON.parse(text);
  return {
    picture: data[0]?.url,
    source: response.headers.get('x-fluxgate-source'),
    fingerprint: response.headers.get('x-fluxgate-fingerprint'),
  };
}

async function ledgerRows({ miniflare }: Stage, fingerprint: string): Promise<number> {
  const ledger = await miniflare.getD1Database('LEDGER', 'slow');
  const found = ledger.prepare('SELECT count(*) AS rows FROM purchases WHERE fingerprint = ?1').bind(fingerprint);
  const rows = await found.first<number>('rows');
  if (rows === null || rows === 0) throw new Error('The ledger has no purchase at all.');
  return rows;
}

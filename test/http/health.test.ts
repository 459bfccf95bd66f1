import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { app } from '../../src/app';
import { readinessOf } from '../../src/env/readiness';
import { afterSeconds } from '../support/clock';
import { call, origin } from '../support/front-door';

async function visit(path: string, bindings: object) {
  const context = createExecutionContext();
  const response = await app.fetch(new Request(origin + path), { ...env, ...bindings }, context);
  const body: unknown = await response.json();
  await waitOnExecutionContext(context);
  return { status: response.status, headers: response.headers, body };
}
const broken = () => {
  throw new Error('D1_ERROR: a secret of the platform');
};

describe('/ready', () => {
  let said: string[] = [];
  beforeEach(() => {
    said = [];
    vi.spyOn(console, 'error').mockImplementation((line) => void said.push(String(line)));
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('says that all parts answer, to anybody', async () => {
    const response = await call('/ready', { key: null });
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await response.json()).toEqual({ status: 'ready', ledger: 'ok', pictures: 'ok', objects: 'ok' });
  });

  it.each([
    ['ledger', { LEDGER: { prepare: broken } }],
    ['pictures', { PICTURES: { head: async () => broken() } }],
    ['objects', { GATES: { getByName: () => ({ states: async () => broken() }) } }],
  ])('is a 503 that names what does not answer: %s', async (part, bindings) => {
    const { status, headers, body } = await visit('/ready', bindings);
    const told = { status: 'unready', ledger: 'ok', pictures: 'ok', objects: 'ok', [part]: 'failed' };
    expect([status, headers.get('retry-after'), headers.get('cache-control'), body]).toEqual([
      ...[503, '5', 'no-store'],
      told,
    ]);
    expect(said).toEqual([JSON.stringify({ event: 'unready', failed: [part] })]);
    expect((await visit('/health', bindings)).status).toBe(200);
  });

  it('is a 503 that names the setting, where one is wrong, as /health is', async () => {
    for (const path of ['/ready', '/health']) {
      const { status, body } = await visit(path, { SIGNING_SECRET: 'short' });
      expect([status, body]).toEqual([
        503,
        { status: 'misconfigured', message: expect.stringContaining('SIGNING_SECRET') },
      ]);
    }
  });

  it('asks each once for a flood that comes before the first answer', async () => {
    const asked: string[] = [];
    const question = (part: string) => async () => {
      asked.push(part);
      await scheduler.wait(20);
    };
    const questions = { ledger: question('ledger'), pictures: question('pictures'), objects: question('objects') };
    const readiness = readinessOf(questions);
    const flood = await Promise.all(Array.from({ length: 1_000 }, () => readiness()));
    expect(flood.every(({ ledger, pictures, objects }) => ledger && pictures && objects)).toBe(true);
    expect(asked).toEqual(['ledger', 'pictures', 'objects']);
  });

  it('asks again, once for all, where who asked first was cut off with its client', async () => {
    const asked: string[] = [];
    const question = (part: string) => async () => void asked.push(part);
    const questions = { ledger: question('ledger'), pictures: question('pictures'), objects: question('objects') };
    const readiness = readinessOf(questions, { answerMs: 20, freshForMs: 5_000 });
    // What is left of a request that is cancelled: a promise that nobody will ever settle.
    vi.spyOn(Promise, 'all').mockReturnValueOnce(new Promise(() => undefined));
    void readiness();
    const flood = [...Array(100).keys()].map(() => readiness());
    for (const answer of flood) expect(await answer).toEqual({ ledger: true, pictures: true, objects: true });
    expect(asked).toHaveLength(6);
  });

  it('waits for no part that hangs, and asks each once in five seconds, however often it is asked itself', async () => {
    const asked: string[] = [];
    const limits = { answerMs: 50, freshForMs: 5_000 };
    const question = (part: string, answer: () => Promise<unknown>) => () => {
      asked.push(part);
      return answer();
    };
    let isUp = false;
    const readiness = readinessOf(
      {
        ledger: question('ledger', () => (isUp ? Promise.resolve(null) : new Promise(() => undefined))),
        pictures: question('pictures', async () => null),
        objects: question('objects', async () => ({})),
      },
      limits,
    );
    const down = { ledger: false, pictures: true, objects: true };
    expect(await readiness()).toEqual(down);
    isUp = true;
    const flood = await Promise.all(Array.from({ length: 1_000 }, () => readiness()));
    expect(flood.every(({ ledger }) => !ledger)).toBe(true);
    expect(asked).toEqual(['ledger', 'pictures', 'objects']);
    await afterSeconds(6, async () => {
      const answers = await Promise.all(Array.from({ length: 1_000 }, () => readiness()));
      expect(answers[0]).toEqual({ ledger: true, pictures: true, objects: true });
      expect(answers[1]).toEqual(down);
      expect(await readiness()).toEqual(answers[0]);
    });
    expect(asked).toHaveLength(6);
  });
});

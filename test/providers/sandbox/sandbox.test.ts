import { describe, expect, it } from 'vitest';
import { fitOf } from '../../../src/core/fit';
import type { Prompt } from '../../../src/core/image-request';
import { priceMicros } from '../../../src/core/price';
import type { Ticket } from '../../../src/core/provider';
import { sandboxProvider } from '../../../src/providers/sandbox/sandbox';
import { triggers } from '../../../src/providers/sandbox/triggers';
import { contextAt, requestWith } from './requests';

const sandbox = sandboxProvider({ latencyMs: 1500 });
const start = 1_000_000;

async function accept(prompt: Prompt, steps = 50): Promise<Ticket> {
  const submission = await sandbox.submit(requestWith({ prompt, steps }), contextAt(start));
  if (submission.kind !== 'accepted') throw new Error(`expected accepted, got ${submission.kind}`);
  return submission.ticket;
}

const checkAfter = (ticket: Ticket, elapsedMs: number) => sandbox.check(ticket, contextAt(start + elapsedMs));

describe('the sandbox as a vendor', () => {
  it('makes every request exactly', () => {
    expect(fitOf(sandbox.capability, requestWith({ width: 1920, height: 1080 }))).toEqual({ kind: 'exact' });
  });

  it('makes progress by the clock, never backwards, until it is ready', async () => {
    const ticket = await accept('A lighthouse');
    const seen = await Promise.all([0, 300, 900, 1499].map((elapsed) => checkAfter(ticket, elapsed)));
    const progress = seen.map((check) => (check.kind === 'pending' ? check.progress : null));
    expect(progress).toEqual([0, 0.2, 0.6, 1499 / 1500]);
    expect((await checkAfter(ticket, 1500)).kind).toBe('ready');
  });

  it('takes less time for fewer steps', async () => {
    expect((await checkAfter(await accept('A lighthouse', 1), 920)).kind).toBe('ready');
    expect((await checkAfter(await accept('A lighthouse', 50), 920)).kind).toBe('pending');
  });

  it('asks to be polled soon, and at the latest when it is due', async () => {
    const ticket = await accept('A lighthouse');
    expect(await checkAfter(ticket, 0)).toMatchObject({ pollAfterMs: 250 });
    expect(await checkAfter(ticket, 1450)).toMatchObject({ pollAfterMs: 50 });
  });

  it('charges what its price says', async () => {
    const ready = await checkAfter(await accept('A lighthouse'), 1500);
    expect(ready).toMatchObject({ kind: 'ready', charge: priceMicros(sandbox.capability.price, requestWith()) });
  });

  it('keeps its ticket as plain data that survives storage', async () => {
    const ticket: Ticket = JSON.parse(JSON.stringify(await accept('A lighthouse')));
    expect((await checkAfter(ticket, 1500)).kind).toBe('ready');
  });

  it('refuses a ticket that is not its own', async () => {
    await expect(sandbox.check({ polling_url: 'https://example.com' }, contextAt(start))).rejects.toThrow();
  });

  it('stops when it is asked to', async () => {
    expect(await sandbox.cancel?.(await accept('A lighthouse'), contextAt(start))).toBe(true);
  });
});

describe('the triggers of the sandbox', () => {
  it('are documented, each once', () => {
    expect(new Set(triggers.map(({ token }) => token)).size).toBe(triggers.length);
    for (const { token, description } of triggers) {
      expect(token).toMatch(/^sandbox:[a-z-]+$/);
      expect(description).toMatch(/\.$/);
    }
  });

  it.each([
    ['sandbox:moderated-request', { kind: 'refused', isFinal: true, fault: { code: 'moderated_request' } }],
    ['sandbox:refused', { kind: 'refused', isFinal: false, fault: { code: 'unavailable' } }],
    ['sandbox:unknown', { kind: 'unknown', fault: { code: 'outcome_unknown' } }],
  ])('%s ends the submit', async (token, expected) => {
    expect(await sandbox.submit(requestWith({ prompt: `A cat. ${token}` }), contextAt(start))).toMatchObject(expected);
  });

  it('withholds a moderated picture and charges it', async () => {
    const failed = await checkAfter(await accept('sandbox:moderated-output'), 1500);
    const charge = priceMicros(sandbox.capability.price, requestWith());
    expect(failed).toMatchObject({ kind: 'failed', fault: { code: 'moderated_output' }, charge });
  });

  it('fails without a charge', async () => {
    const failed = await checkAfter(await accept('sandbox:error'), 1500);
    expect(failed).toMatchObject({ kind: 'failed', fault: { code: 'provider_failed' }, charge: 0 });
  });

  it('takes twenty seconds when it is slow', async () => {
    const ticket = await accept('sandbox:slow');
    expect((await checkAfter(ticket, 19_999)).kind).toBe('pending');
    expect((await checkAfter(ticket, 20_000)).kind).toBe('ready');
  });

  it('never finishes when it is told so, though it makes progress', async () => {
    const ticket = await accept('sandbox:never');
    const [early, late] = [await checkAfter(ticket, 1000), await checkAfter(ticket, 86_400_000)];
    if (early.kind !== 'pending' || late.kind !== 'pending') throw new Error('expected both to be pending');
    expect(late.progress).toBeGreaterThan(early.progress ?? 1);
    expect(late.progress).toBeLessThan(1);
  });

  it('are found in any string of a JSON prompt', async () => {
    const prompt = { scene: 'A cat', subjects: [{ description: 'and (sandbox:refused)' }] };
    expect((await sandbox.submit(requestWith({ prompt }), contextAt(start))).kind).toBe('refused');
  });

  it.each(['sandbox:refused-not', 'mysandbox:refused', 'sandbox:refusedly', 'Sandbox:refused', 'sandbox'])(
    'are whole words: %s is none',
    async (prompt) => {
      expect((await sandbox.submit(requestWith({ prompt }), contextAt(start))).kind).toBe('accepted');
    },
  );
});

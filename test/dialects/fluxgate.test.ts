import { describe, expect, it } from 'vitest';
import { addAccount, purchasesOf } from '../support/accounts';
import { ended, submit, submitted } from '../support/bfl-caller';
import { afterSeconds } from '../support/clock';
import { bytesAt, call, origin } from '../support/front-door';
import { generate } from '../support/openai-caller';
import { cancelled, taskAt, taskOf } from '../support/task-caller';

describe('a task', () => {
  it('tells everything about a picture, from any dialect', async () => {
    const { id } = await submitted({ prompt: 'task: whole', seed: 3, output_format: 'webp' });
    const task = await taskAt(id);
    expect(task).toMatchObject({
      object: 'task',
      id,
      status: 'ready',
      progress: 1,
      source: 'bought',
      provider: 'sandbox',
      sandbox: true,
      seed: 3,
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      started_at: expect.stringMatching(/Z$/),
      ended_at: expect.stringMatching(/Z$/),
      cost: { quoted_micros: 50_000, actual_micros: 50_000, input_megapixels: 0, output_megapixels: 0 },
      picture: { content_type: 'image/webp', width: 64, height: 64 },
      error: null,
      urls: { self: `${origin}/v1/tasks/${id}`, events: `${origin}/v1/tasks/${id}/events` },
    });
    expect((await bytesAt(task.picture?.url ?? '')).length).toBeGreaterThan(50);
    expect(await (await call(new URL(task.urls.recipe ?? '').pathname)).json()).toMatchObject({ recipe: { seed: 3 } });
  });

  it('tells how it failed', async () => {
    const { id } = await submitted({ prompt: 'task sandbox:error' });
    expect(await taskAt(id)).toMatchObject({
      status: 'failed',
      picture: null,
      error: { code: 'provider_failed', retryable: true, message: expect.any(String), issues: [] },
      urls: { recipe: null },
    });
  });

  it('that ended without a picture tells what was asked for, so that it can be asked for again', async () => {
    const asked = {
      prompt: { scene: 'sandbox:error', of: ['a task'] },
      width: 100,
      height: 64,
      steps: 7,
      guidance: 3,
      seed: 9,
    };
    const { id } = await submitted({ ...asked, prompt: JSON.stringify(asked.prompt) });
    const failed = (await taskAt(id)) as { readonly recipe?: object };
    expect(failed.recipe).toMatchObject({ width: 100, height: 64, steps: 7, guidance: 3, seed: 9, references: [] });
    expect(JSON.stringify(failed.recipe)).toContain('sandbox:error');
    const events = await (await call(`/v1/tasks/${id}/events`)).text();
    expect(events).toContain('"status":"failed"');
    expect(events).not.toContain('sandbox:error');
    const { id: made } = await submitted({ prompt: 'task: has its recipe beside it' });
    expect(await taskAt(made)).not.toHaveProperty('recipe');
    const stranger = await addAccount('task-recipe-stranger');
    expect((await call(`/v1/tasks/${id}`, { key: stranger })).status).toBe(404);
  });

  it('is never cached', async () => {
    const { id } = await submitted({ prompt: 'task: cache' });
    expect((await call(`/v1/tasks/${id}`)).headers.get('cache-control')).toBe('private, no-store');
  });

  it("needs its account's own key, in any header", async () => {
    const { id } = await submitted({ prompt: 'task: keys' });
    const { DEV_API_KEY: key } = (await import('cloudflare:workers')).env;
    const path = `/v1/tasks/${id}`;
    for (const headers of [
      { authorization: `Bearer ${key}` },
      { authorization: `Key ${key}` },
      { 'x-key': key },
      { 'api-key': key },
    ]) {
      expect((await call(path, { key: null, headers: headers as Record<string, string> })).status).toBe(200);
    }
    expect((await call(path, { key: null })).status).toBe(401);
    expect((await call(path, { key: 'fg_wrong' })).status).toBe(401);
    const other = await addAccount('task-other');
    for (const [method, rest] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/events'],
    ] as const) {
      const response = await call(path + rest, { key: other, method });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: 'task_not_found' } });
    }
    expect((await taskOf(id)).status).not.toBe('cancelled');
  });

  it.each(['nothing', 'A'.repeat(115), 'A'.repeat(5000), '%00', '..', '%2e%2e%2f'])(
    'is not found as %s',
    async (id) => {
      const response = await call(`/v1/tasks/${id}`);
      expect(response.status).toBe(404);
    },
  );

  it('is not found under an id that was changed by one letter', async () => {
    const { id } = await submitted({ prompt: 'task: forged' });
    for (const index of [0, 20, 60, 114]) {
      const letter = id[index] === 'A' ? 'B' : 'A';
      const forged = id.slice(0, index) + letter + id.slice(index + 1);
      expect((await call(`/v1/tasks/${forged}`)).status).toBe(404);
    }
  });

  it.each(['POST', 'PUT', 'PATCH'])('does not take %s', async (method) => {
    const response = await call('/v1/tasks/anything', { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, DELETE');
  });
});

describe('cancelling', () => {
  it('stops a render that nobody else waits for, and it costs nothing', async () => {
    const { id } = await submitted({ prompt: 'cancel: alone sandbox:slow', seed: 1 });
    const task = await taskAt(id, 'rendering');
    expect(await cancelled(id)).toMatchObject({ id, status: 'cancelled', picture: null, error: { code: 'cancelled' } });
    expect((await ended(id)).status).toBe('Error');
    await expect.poll(async () => (await purchasesOf(task.fingerprint)).length).toBe(1);
    expect(await purchasesOf(task.fingerprint)).toMatchObject([
      { outcome: 'cancelled', spent_micros: 0, actual_micros: 0 },
    ]);
    expect((await taskOf(id)).status).toBe('cancelled');
  });

  it('at once leaves nothing that costs anything', async () => {
    const { id } = await submitted({ prompt: 'cancel: at once sandbox:never', seed: 1 });
    const { fingerprint } = await cancelled(id);
    expect((await taskOf(id)).status).toBe('cancelled');
    await scheduler.wait(100);
    for (const row of await purchasesOf(fingerprint))
      expect(row).toMatchObject({ outcome: 'cancelled', spent_micros: 0 });
  });

  it('takes off one of two callers, and the other gets the picture', async () => {
    const body = { prompt: 'cancel: one of two sandbox:slow', seed: 1 };
    const [mine, theirs] = [await submitted(body), await submitted(body)];
    await taskAt(theirs.id, 'rendering');
    expect((await cancelled(mine.id)).status).toBe('cancelled');
    const task = await afterSeconds(21, () => taskAt(theirs.id));
    expect(task).toMatchObject({ status: 'ready', source: 'joined', error: null });
    expect(await taskOf(mine.id)).toMatchObject({ status: 'cancelled', picture: null });
    const rows = await purchasesOf(task.fingerprint);
    expect(rows.map((row) => [row.outcome, row.spent_micros])).toEqual([['ready', 50_000]]);
  });

  it('by all but the last leaves the picture to the last', async () => {
    const body = { prompt: 'cancel: the last', seed: 1, width: 80 };
    const tasks = await Promise.all([1, 2, 3].map(() => submitted({ ...body, prompt: `${body.prompt} sandbox:slow` })));
    await taskAt(tasks[0]?.id ?? '', 'rendering');
    for (const { id } of tasks.slice(0, 2)) await cancelled(id);
    expect((await taskOf(tasks[2]?.id ?? '')).status).not.toBe('cancelled');
    const last = await cancelled(tasks[2]?.id ?? '');
    expect(last.status).toBe('cancelled');
    await expect.poll(async () => (await purchasesOf(last.fingerprint)).length).toBe(1);
    expect(await purchasesOf(last.fingerprint)).toMatchObject([{ outcome: 'cancelled', spent_micros: 0 }]);
  });

  it('twice counts once', async () => {
    const body = { prompt: 'cancel: twice sandbox:slow', seed: 1 };
    const [mine, theirs] = [await submitted(body), await submitted(body)];
    await taskAt(theirs.id, 'rendering');
    await cancelled(mine.id);
    await cancelled(mine.id);
    expect((await afterSeconds(21, () => taskAt(theirs.id))).status).toBe('ready');
  });

  it('changes nothing about a task that has ended', async () => {
    const { id } = await submitted({ prompt: 'cancel: too late' });
    const task = await taskAt(id);
    expect(await cancelled(id)).toMatchObject({ status: 'ready', picture: task.picture });
    const failed = await submitted({ prompt: 'cancel: failed sandbox:error' });
    await taskAt(failed.id);
    expect(await cancelled(failed.id)).toMatchObject({ status: 'failed', error: { code: 'provider_failed' } });
  });

  it('of a picture that was stored already leaves it', async () => {
    const body = { prompt: 'cancel: hit', seed: 1 };
    await taskAt((await submitted(body)).id);
    const { id } = await submitted(body);
    expect(await cancelled(id)).toMatchObject({ status: 'ready', source: 'hit' });
  });

  it('lets the same request be made anew, at once', async () => {
    const body = { prompt: 'cancel: again sandbox:slow', seed: 1 };
    const first = await submitted(body);
    const { fingerprint } = await taskAt(first.id, 'rendering');
    await cancelled(first.id);
    const again = await submit(body);
    expect(again.headers.get('x-fluxgate-source')).toBe('bought');
    const { id } = await again.json<{ id: string }>();
    await taskAt(id, 'rendering');
    expect((await taskOf(first.id)).status).toBe('cancelled');
    expect((await afterSeconds(21, () => taskAt(id))).status).toBe('ready');
    const rows = await purchasesOf(fingerprint);
    expect(rows.map((row) => row.outcome).toSorted()).toEqual(['cancelled', 'ready']);
  });

  it('ends the waiting of a caller whose task it is with a conflict that is not to be tried again', async () => {
    const waiting = generate({ prompt: 'cancel: waiting sandbox:slow', seed: 1, stream: true });
    const response = await waiting;
    await cancelled(response.headers.get('x-fluxgate-task') ?? '');
    expect(await response.text()).toContain('"code":"cancelled"');
  });
});

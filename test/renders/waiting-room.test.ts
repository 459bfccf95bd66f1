import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { WaitingRoom } from '../../src/renders/waiting-room';

describe('the waiting room', () => {
  it('lets few ask again as soon as before', () => {
    const room = new WaitingRoom();
    for (let render = 0; render < 100; render += 1) expect(room.wait(`${render}`, 500, 0)).toBe(500);
    expect(room.wait('told', 30_000, 0)).toBe(30_000);
  });

  it('lets thousands ask 250 times a second, all together, and none more seldom than each minute', () => {
    for (const renders of [1_000, 10_000]) {
      const room = new WaitingRoom();
      let now = 0;
      const waits = Array.from({ length: renders }, (_, render) => room.wait(`${render}`, 500, now));
      now += Math.max(...waits);
      const again = Array.from({ length: renders }, (_, render) => room.wait(`${render}`, 500, now));
      const asksPerSecond = again.reduce((sum, waitMs) => sum + 1_000 / waitMs, 0);
      expect(asksPerSecond).toBeCloseTo(250, 0);
    }
    const crowd = new WaitingRoom();
    for (let render = 0; render < 50_000; render += 1) crowd.wait(`${render}`, 500, 0);
    expect(crowd.wait('last', 500, 0)).toBe(60_000);
  });

  it('counts nobody who found a place, none twice, and none who never came back', () => {
    const room = new WaitingRoom();
    for (let render = 0; render < 5_000; render += 1) room.wait(`${render}`, 500, 0);
    for (let turn = 0; turn < 5_000; turn += 1) room.wait('same', 500, 0);
    expect(room.wait('one', 500, 0)).toBe(5_002 * 4);
    for (let render = 0; render < 4_000; render += 1) room.leave(`${render}`);
    expect(room.wait('one', 500, 0)).toBe(1_002 * 4);
    expect(room.wait('one', 500, 200_000)).toBe(500);
  });
});

describe('the gate', () => {
  it('tells renders that find no place to wait longer the more of them there are, and forgets them by and by', async () => {
    const gate = env.GATES.getByName('crowded');
    const ask = (render: string) => gate.acquire(render, [{ provider: 'narrow', concurrency: 1 }], false);
    expect(await ask('first')).toEqual({ kind: 'granted', provider: 'narrow' });
    expect(await ask('second')).toEqual({ kind: 'full', retryAfterMs: 500 });
    for (let render = 0; render < 299; render += 1) await ask(`waiting ${render}`);
    expect(await ask('second')).toEqual({ kind: 'full', retryAfterMs: 1_200 });
    await gate.report('narrow', { render: 'first', kind: 'ready', latencyMs: 10, retryAfterMs: null });
    expect(await ask('second')).toEqual({ kind: 'granted', provider: 'narrow' });
    expect(await ask('waiting 0')).toEqual({ kind: 'full', retryAfterMs: 1_196 });
  });
});

import { describe, expect, it } from 'vitest';
import { probePicture } from '../../src/core/picture-probe';
import { bflEntry } from '../../src/providers/bfl';
import { accepted, collected, followed, simulatedVendor } from '../support/simulated-vendor';
import { bfl } from '../vendors/bfl';
import type { Failure } from '../vendors/simulator';
import { requestWith } from './sandbox/requests';

const request = requestWith({ prompt: 'A brass orrery', width: 1920, height: 1080 });
const vendor = () => simulatedVendor(bflEntry, bfl);

describe('a task', () => {
  it('goes from pending to ready and delivers the picture of the size that was ordered', async () => {
    const at = vendor();
    at.shop.latencyMs = 1_200;
    const ticket = await accepted(at, request);
    at.passTime(300);
    expect(await at.provider.check(ticket, at.context)).toEqual({ kind: 'pending', progress: 0.25, pollAfterMs: null });
    const { end } = await followed(at, ticket);
    if (end.kind !== 'ready') throw new Error(`The task is ${end.kind}.`);
    expect(end.charge).toBeNull();
    const bytes = await at.provider.collect(end.output, request, at.context);
    expect(probePicture(bytes)).toMatchObject({ format: 'png', width: 1920, height: 1088, isComplete: true });
  });

  it('is followed by a ticket and collected by an output that are plain data without a secret', async () => {
    const at = vendor();
    const ticket = await accepted(at, request);
    const { end } = await followed(at, JSON.parse(JSON.stringify(ticket)));
    expect(JSON.stringify([ticket, end])).not.toContain(bfl.key);
    expect(end.kind).toBe('ready');
  });

  it('sends the key to the API alone, never to where pictures are', async () => {
    const at = vendor();
    const { end } = await followed(at, await accepted(at, request));
    if (end.kind === 'ready') await at.provider.collect(end.output, request, at.context);
    const withKey = at.sent.filter(({ headers }) => JSON.stringify([...headers]).includes(bfl.key));
    expect(at.sent.at(-1)?.url.pathname).toContain('/delivery/');
    expect(new Set(withKey.map(({ url }) => url.pathname))).toEqual(new Set(['/v1/flux-2-flex', '/v1/get_result']));
  });

  const ends: [Failure, string, number | null][] = [
    ['moderate-request', 'moderated_request', 0],
    ['moderate-output', 'moderated_output', null],
    ['fail-after', 'provider_failed', 0],
  ];
  it.each(ends)('ends without a picture on %s', async (failure, code, charge) => {
    const at = vendor();
    at.shop.failWith(failure);
    const { end } = await followed(at, await accepted(at, request));
    expect(end).toMatchObject({ kind: 'failed', fault: { code }, charge });
  });

  it('tells why the output was moderated where the vendor says so', async () => {
    const at = vendor();
    at.shop.failWith('moderate-output');
    const { end } = await followed(at, await accepted(at, request));
    expect(end).toMatchObject({ fault: { message: expect.stringContaining('(Derivative Works Filter)') } });
  });

  it.each(['poll-error', 'poll-html', 'poll-hang-up'] as const)(
    'survives %s without a second purchase',
    async (failure) => {
      const at = vendor();
      at.shop.failWith(failure);
      const { end, failedPolls } = await followed(at, await accepted(at, request));
      expect([end.kind, failedPolls]).toEqual(['ready', 2]);
      expect(at.shop.sales.size).toBe(1);
    },
  );

  it.each(['truncated-picture', 'wrong-type', 'expired-url', 'redirect-private'] as const)(
    'is collected in the end although the first downloads are %s',
    async (failure) => {
      const at = vendor();
      at.shop.failWith(failure);
      const { end } = await followed(at, await accepted(at, request));
      if (end.kind !== 'ready') throw new Error(`The task is ${end.kind}.`);
      const isWhole = (bytes: Uint8Array) => probePicture(bytes)?.isComplete === true;
      expect((await collected(at, end.output, request, isWhole)).failedDownloads).toBe(2);
      expect(at.sent.every(({ url }) => url.origin === at.origin)).toBe(true);
    },
  );

  it('stays pending while the vendor never finishes it', async () => {
    const at = vendor();
    at.shop.failWith('never-finish');
    const ticket = await accepted(at, request);
    at.passTime(840_000);
    expect(await at.provider.check(ticket, at.context)).toMatchObject({ kind: 'pending', progress: 0.5 });
  });
});

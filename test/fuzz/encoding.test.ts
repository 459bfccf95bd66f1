import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Operation, PictureBytes, type TaskAnswer, type WireResponse } from '../../src/core/dialect';
import { Fault, type FaultCode, faultTable } from '../../src/core/fault';
import type { ImageRequest } from '../../src/core/image-request';
import { isEnded, type Picture, type Task, taskStatuses } from '../../src/core/task';
import { notesHeader } from '../../src/http/respond';
import { origin } from '../support/front-door';
import { holds, run } from './holds';
import { anyBody, makingDialects, requestTo } from './makers';
import { understand } from './understand';
import { curlLine } from './wire-case';

const codes = Object.keys(faultTable) as FaultCode[];
const states = fc.record({
  status: fc.constantFrom(...taskStatuses),
  code: fc.constantFrom(...codes),
  text: fc.string({ unit: 'binary', maxLength: 40 }),
  progress: fc.double({ min: 0, max: 1, noNaN: true }),
  actualMicros: fc.option(fc.nat(1_000_000)),
  startedAt: fc.option(fc.nat(2_000_000_000_000)),
});
type State = typeof states extends fc.Arbitrary<infer One> ? One : never;

/** A task for a request, however it stands. */
function taskOf(request: ImageRequest, print: string, { status, code, text, ...state }: State): Task {
  const picture: Picture = {
    url: `${origin}/images/${print}.png`,
    recipeUrl: `${origin}/images/${print}.json`,
    temporaryUrl: `${origin}/temporary/${print}.png?expires=1&signature=x`,
    ...{ contentType: 'image/png', width: request.width, height: request.height, glimpse: null, determinism: 'pinned' },
    open: null,
  };
  const hasFailed = status === 'failed' || status === 'cancelled';
  return {
    ...{ id: 'task', fingerprint: print, status, source: 'bought', request, changes: [], provider: 'sandbox' },
    rendition: { format: 'png', quality: null, crop: null, width: null, height: null, fit: 'scale-down' },
    ...{ progress: state.progress, createdAt: 1, startedAt: state.startedAt, endedAt: isEnded(status) ? 2 : null },
    cost: { quotedMicros: 5, actualMicros: state.actualMicros, megapixels: { input: 0, output: 0.1 } },
    picture: status === 'ready' ? picture : null,
    fault: hasFailed ? new Fault(code, text) : null,
  };
}

describe.each(makingDialects)('what $id answers', ({ dialect, makers }) => {
  const promise = it.skipIf(!run.isAsked(dialect.id));

  promise('is JSON and headers in every state of a task, whatever its request says', async () => {
    await holds({
      dialect: dialect.id,
      share: 0.05,
      cases: fc.tuple(anyBody(makers), states),
      shown: ([{ maker, body }, state]) =>
        `${curlLine(requestTo(maker, JSON.stringify(body)))}\n${JSON.stringify(state)}`,
      check: async ([{ maker, body }, state]) => {
        const understood = await understand(maker.operation, requestTo(maker, JSON.stringify(body)));
        if (understood.kind !== 'order') return;
        const { wire, order, request, print } = understood;
        const told = notesHeader(order.notes)['x-fluxgate-notes'] ?? '';
        expect(told).toMatch(/^[\x20-\x7e]*$/);
        const task = taskOf(request, print, state);
        const ready = taskOf(request, print, { ...state, status: 'ready' });
        const isTask = order.mode === 'async' || order.answersWith === 'task';
        const answer = { wire, order, tasks: [isTask ? task : ready], requestId: 'request' };
        expectSendable(maker.operation.encode(answer));
        for (const event of maker.operation.stream?.(answer, ready) ?? []) expectJson(event.data);
        for (const event of maker.operation.streamFault?.(answer, new Fault(state.code, state.text)) ?? [])
          expectJson(event.data);
        for (const operation of dialect.operations) readBy(operation, { wire, task, requestId: 'request' });
        const message = dialect.webhook?.(task, isEnded(task.status) ? 'end' : 'start', origin);
        if (message) expectJson(message.body);
      },
    });
  });
});

/** A fault of the task is an answer too. */
function readBy(operation: Operation, answer: TaskAnswer): void {
  if (operation.kind !== 'read' && operation.kind !== 'cancel' && operation.kind !== 'watch') return;
  try {
    expectSendable(operation.encode(answer));
    for (const event of operation.events?.({ ...answer, previous: null }) ?? []) expectJson(event.data);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
  }
}

function expectSendable({ status, headers = {}, body }: WireResponse): void {
  expect(status).toBeGreaterThanOrEqual(200);
  expect(status).toBeLessThan(600);
  expect([...new Headers(headers)]).toHaveLength(Object.keys(headers).length);
  expectJson(body);
}

/** Nothing in it that JSON has no word for. Pictures are put in as they are sent. */
function expectJson(value: unknown): void {
  if (value instanceof PictureBytes) return;
  if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(expectJson);
  else expect(['string', 'boolean', 'object']).toContain(typeof value);
}

import { describe, expect, it } from 'vitest';
import { submitted } from '../support/bfl-caller';
import { afterSeconds } from '../support/clock';
import { eventsOf, readEvents } from '../support/event-stream';
import { call } from '../support/front-door';
import { cancelled, taskAt, type WireTask } from '../support/task-caller';

const follow = (id: string, headers: Record<string, string> = {}) => call(`/v1/tasks/${id}/events`, { headers });

describe('the events of a task', () => {
  it('are its changes in order, each with the whole task, and end with it', async () => {
    const { id } = await submitted({ prompt: 'events: all sandbox:slow' });
    await taskAt(id, 'rendering');
    const response = await follow(id);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    const events = await afterSeconds(21, () => eventsOf<WireTask>(response));
    expect(events.length).toBeGreaterThanOrEqual(2);
    for (const { event, data } of events) expect(data).toMatchObject({ object: 'task', id, status: event });
    const ids = events.map((event) => Number(event.id));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(new Set(ids).size).toBe(ids.length);
    const progress = events.map(({ data }) => data.progress);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(events.at(-1)).toMatchObject({ event: 'ready', data: { progress: 1, picture: { width: 64 } } });
  });

  it('of a task that has ended are that it has', async () => {
    const { id } = await submitted({ prompt: 'events: late' });
    await taskAt(id);
    const events = await eventsOf<WireTask>(await follow(id));
    expect(events).toMatchObject([{ event: 'ready', id: '2000' }]);
  });

  it.each([
    { trigger: 'sandbox:error', event: 'failed' },
    { trigger: 'sandbox:moderated-request', event: 'failed' },
  ])('end with $event after $trigger', async ({ trigger, event }) => {
    const { id } = await submitted({ prompt: `events ${trigger}` });
    const events = await eventsOf<WireTask>(await follow(id));
    expect(events.at(-1)).toMatchObject({
      event,
      id: '2000',
      data: { picture: null, error: { message: expect.any(String) } },
    });
  });

  it('end when the task is cancelled', async () => {
    const { id } = await submitted({ prompt: 'events: cancelled sandbox:slow' });
    await taskAt(id, 'rendering');
    const following = eventsOf<WireTask>(await follow(id));
    await cancelled(id);
    expect((await following).at(-1)).toMatchObject({ event: 'cancelled', id: '2000' });
  });

  it('go on where a reader left off', async () => {
    const { id } = await submitted({ prompt: 'events: resumed sandbox:slow', width: 96 });
    const seen = [];
    for await (const event of readEvents<WireTask>(await follow(id))) {
      seen.push(event);
      if (event.event === 'rendering') break;
    }
    const last = seen.at(-1)?.id ?? '';
    const next = readEvents<WireTask>(await follow(id, { 'last-event-id': last }));
    const { value } = await next.next();
    expect(Number(value?.id)).toBeGreaterThan(Number(last));
    await next.return(undefined);
    await cancelled(id);
  });

  it('are none for a reader that has seen the end', async () => {
    const { id } = await submitted({ prompt: 'events: seen' });
    await taskAt(id);
    const response = await follow(id, { 'last-event-id': '2000' });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
  });

  it.each(['nonsense', '-5', '', 'NaN'])('start anew for a mark that is none of ours: %s', async (mark) => {
    const { id } = await submitted({ prompt: 'events: mark' });
    await taskAt(id);
    const response = await follow(id, { 'last-event-id': mark });
    expect(await eventsOf<WireTask>(response)).toMatchObject([{ event: 'ready', id: '2000' }]);
  });

  it('are not shown for a task that is not found', async () => {
    const response = await follow('nothing', { 'last-event-id': '2000' });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/json');
  });

  it('reach everybody who follows', async () => {
    const { id } = await submitted({ prompt: 'events: many', steps: 50 });
    const followers = await Promise.all(Array.from({ length: 12 }, async () => eventsOf<WireTask>(await follow(id))));
    for (const events of followers) expect(events.at(-1)).toMatchObject({ event: 'ready', data: { id } });
  });

  it('go on for others when one hangs up', async () => {
    const { id } = await submitted({ prompt: 'events: hang up', steps: 50 });
    const [left, stayed] = [await follow(id), await follow(id)];
    await left.body?.cancel();
    expect((await eventsOf<WireTask>(stayed)).at(-1)?.event).toBe('ready');
  });
});

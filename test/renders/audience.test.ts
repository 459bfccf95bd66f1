import { describe, expect, it } from 'vitest';
import { Audience } from '../../src/renders/audience';
import type { Phase } from '../../src/renders/render-record';
import { type RenderView, viewOf } from '../../src/renders/render-view';
import { began, phases, recordIn } from '../support/render-records';

const never = 60_000;

/** A render that a test moves from phase to phase, with its audience. */
class Stage {
  readonly audience = new Audience();
  view: RenderView | null;
  looks = 0;

  constructor(phase: Phase | null) {
    this.view = viewIn(phase);
  }

  readonly look = (): RenderView | null => {
    this.looks += 1;
    return this.view;
  };

  show(phase: Phase | null, progress?: number): void {
    this.view = viewIn(phase, progress);
    this.audience.announce();
  }
}

function viewIn(phase: Phase | null, progress = 0): RenderView | null {
  return phase === null ? null : viewOf(recordIn(phase, { progress }), began, false);
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<readonly RenderView[]> {
  const text = await new Response(stream).text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): RenderView => JSON.parse(line));
}

describe('waitUntilEnded', () => {
  it('answers at once where it has ended already', async () => {
    const stage = new Stage(phases.ended);
    expect(await stage.audience.waitUntilEnded(stage.look, never)).toBe(stage.view);
  });

  it('answers at once where nothing is known', async () => {
    const stage = new Stage(null);
    expect(await stage.audience.waitUntilEnded(stage.look, never)).toBeNull();
  });

  it('answers when it ends, to everybody who waits', async () => {
    const stage = new Stage(phases.queued);
    const waiting = [1, 2, 3].map(() => stage.audience.waitUntilEnded(stage.look, never));
    stage.show(phases.following);
    stage.show(phases.ended);
    expect(await Promise.all(waiting)).toEqual([stage.view, stage.view, stage.view]);
    expect(stage.view?.status).toBe('ready');
  });

  it('answers null when the render is forgotten meanwhile', async () => {
    const stage = new Stage(phases.following);
    const waiting = stage.audience.waitUntilEnded(stage.look, never);
    stage.show(null);
    expect(await waiting).toBeNull();
  });

  it('answers with the view as it stands when the time is up, and not before', async () => {
    const stage = new Stage(phases.following);
    const begin = Date.now();
    const waiting = stage.audience.waitUntilEnded(stage.look, 30);
    stage.show(phases.collecting, 0.75);
    expect(await waiting).toMatchObject({ status: 'rendering', progress: 0.75 });
    expect(Date.now() - begin).toBeGreaterThanOrEqual(25);
  });

  it('looks no more once it has answered', async () => {
    const stage = new Stage(phases.following);
    await stage.audience.waitUntilEnded(stage.look, 0);
    const { looks } = stage;
    stage.show(phases.ended);
    expect(stage.looks).toBe(looks);
  });
});

describe('watch', () => {
  it('tells each change, the first at once, and closes at the end', async () => {
    const stage = new Stage(phases.queued);
    const reading = readAll(stage.audience.watch(stage.look));
    stage.show(phases.submitting);
    stage.show(phases.following, 0.5);
    stage.show(phases.ended);
    const told = (await reading).map(({ status, progress }) => [status, progress]);
    expect(told).toEqual([
      ['queued', 0],
      ['rendering', 0],
      ['rendering', 0.5],
      ['ready', 1],
    ]);
  });

  it('tells the end and closes where it has ended already', async () => {
    const stage = new Stage(phases.ended);
    expect(await readAll(stage.audience.watch(stage.look))).toEqual([stage.view]);
  });

  it('closes without a word where nothing is known', async () => {
    const stage = new Stage(null);
    expect(await readAll(stage.audience.watch(stage.look))).toEqual([]);
  });

  it('closes when the render is forgotten meanwhile', async () => {
    const stage = new Stage(phases.following);
    const reading = readAll(stage.audience.watch(stage.look));
    stage.show(null);
    expect(await reading).toHaveLength(1);
  });

  it('says nothing twice', async () => {
    const stage = new Stage(phases.following);
    const reading = readAll(stage.audience.watch(stage.look));
    stage.show(phases.following);
    stage.show(phases.collecting);
    stage.show(phases.ended);
    expect(await reading).toHaveLength(2);
  });

  it('goes back where a provider would not take it, and tells who is asked next', async () => {
    const stage = new Stage(phases.submitting);
    const reading = readAll(stage.audience.watch(stage.look));
    stage.show(phases.queued);
    stage.show({ ...phases.submitting, provider: 'another' });
    stage.show(phases.ended);
    expect((await reading).map(({ status, provider }) => [status, provider])).toEqual([
      ['rendering', phases.submitting.provider],
      ['queued', null],
      ['rendering', 'another'],
      ['ready', stage.view?.provider],
    ]);
  });

  it('looks no more once nobody reads', async () => {
    const stage = new Stage(phases.following);
    await stage.audience.watch(stage.look).cancel();
    const { looks } = stage;
    stage.show(phases.ended);
    expect(stage.looks).toBe(looks);
  });

  it('ends for all who watch, whoever leaves first', async () => {
    const stage = new Stage(phases.following);
    const left = stage.audience.watch(stage.look);
    const reading = readAll(stage.audience.watch(stage.look));
    await left.cancel();
    stage.show(phases.ended);
    expect(await reading).toHaveLength(2);
  });
});

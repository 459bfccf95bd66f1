import { describe, expect, it } from 'vitest';
import { probePicture } from '../../src/core/picture-probe';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { eventsOf } from '../support/event-stream';
import { edit, generate, generated } from '../support/openai-caller';

interface Completed {
  readonly type: string;
  readonly b64_json: string;
  readonly seed: number;
  readonly size: string;
  readonly output_format: string;
  readonly created_at: number;
}

describe('a stream', () => {
  it('is one completed event for each picture, and then it ends', async () => {
    const response = await generate({ prompt: 'stream: two', seed: 4, n: 2, stream: true });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    const events = await eventsOf<Completed>(response);
    expect(events.map(({ event }) => event)).toEqual(['image_generation.completed', 'image_generation.completed']);
    expect(events.map(({ data }) => data.type)).toEqual(['image_generation.completed', 'image_generation.completed']);
    expect(events.map(({ data }) => data.seed)).toEqual([4, 5]);
    expect(events[0]?.data).toMatchObject({
      size: '64x64',
      output_format: 'png',
      quality: 'high',
      background: 'opaque',
    });
  });

  it('carries the bytes that are answered without it, new or stored', async () => {
    const body = { prompt: 'stream: bytes', seed: 1, output_format: 'webp', size: '100x70' };
    const [fresh] = await eventsOf<Completed>(await generate({ ...body, stream: true }));
    const [stored] = await eventsOf<Completed>(await generate({ ...body, stream: true, partial_images: 2 }));
    const plain = await generated({ ...body, response_format: 'b64_json' });
    expect(fresh?.data.b64_json).toBe(plain.data[0]?.b64_json);
    expect(stored?.data.b64_json).toBe(plain.data[0]?.b64_json);
    const bytes = Uint8Array.fromBase64(fresh?.data.b64_json ?? '');
    expect(probePicture(bytes)).toMatchObject({ format: 'webp', width: 100, height: 70 });
  });

  it('of an edit has events of its own name', async () => {
    const image = pictureBytes('png').toBase64();
    const events = await eventsOf<Completed>(await edit({ prompt: 'stream: edit', image, stream: 'true' }));
    expect(events.map(({ event }) => event)).toEqual(['image_edit.completed']);
  });

  it.each([
    { trigger: 'sandbox:moderated-output', code: 'content_policy_violation' },
    { trigger: 'sandbox:error', code: 'provider_failed' },
    { trigger: 'sandbox:unknown', code: 'outcome_unknown' },
  ])('ends with an error event after $trigger', async ({ trigger, code }) => {
    const events = await eventsOf(await generate({ prompt: `stream ${trigger}`, stream: true }));
    expect(events).toEqual([{ event: 'error', id: null, data: { error: expect.objectContaining({ code }) } }]);
  });

  it('that never began is an error like any other', async () => {
    const response = await generate({ prompt: '', stream: true });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'prompt' } });
  });
});

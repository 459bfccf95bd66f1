import { afterEach, describe, expect, it, vi } from 'vitest';
import { inflated } from '../../src/core/inflated';
import { deflated } from '../support/zlib-data';

type Bytes = Uint8Array<ArrayBuffer>;

async function bytesOf(parts: Iterable<Bytes>): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of inflated(parts)) chunks.push(chunk.slice());
  return new Uint8Array(await new Blob(chunks as Bytes[]).arrayBuffer());
}

function* cut(bytes: Bytes, length: number): Generator<Bytes> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

/** What hardly deflates, and what does. */
function sample(length: number): Bytes {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let index = 0; index < length / 2; index += 1) {
    state = (state * 48_271) % 2_147_483_647;
    bytes[index] = state;
  }
  return bytes;
}

describe('inflated', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([
    [0, 1],
    [1, 1],
    [4_096, 7],
    [8_192, 50_000],
    [100_000, 1_000],
    [3_000_000, 70_000],
  ])('gives %i bytes back, in parts of %i', async (length, partBytes) => {
    const bytes = sample(length);
    const back = await bytesOf(cut(await deflated(bytes), partBytes));
    expect(back.length).toBe(length);
    expect(back.every((byte, index) => byte === bytes[index])).toBe(true);
  });

  it.each([1, 100, 8_192])('takes parts of %i bytes together, and waits for no clock', async (partBytes) => {
    const data = await deflated(sample(20_000));
    const writes = vi.spyOn(WritableStreamDefaultWriter.prototype, 'write');
    const timers = vi.spyOn(globalThis, 'setTimeout');
    expect(await bytesOf(cut(data, partBytes))).toHaveLength(20_000);
    expect(data.length).toBeGreaterThan(10_000);
    expect(writes.mock.calls.length).toBeGreaterThan(0);
    expect(writes.mock.calls.length).toBeLessThan(10);
    expect(timers).not.toHaveBeenCalled();
  });

  it('waits for no clock where parts come to nothing', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const emptyBlocks = Array.from({ length: 5_000 }, () => Uint8Array.of(0, 0, 0, 255, 255));
    await expect(bytesOf([Uint8Array.of(0x78, 0x9c), ...emptyBlocks])).rejects.toThrow();
    expect(timers).not.toHaveBeenCalled();
  });

  it('takes no more of what comes to far more than somebody reads', async () => {
    const bomb = await deflated(new Uint8Array(100_000_000));
    let taken = 0;
    const parts = function* () {
      for (const part of cut(bomb, 1_000)) {
        taken += part.length;
        yield part;
      }
    };
    let length = 0;
    for await (const chunk of inflated(parts())) {
      length += chunk.length;
      if (length > 2_000_000) break;
    }
    expect(taken).toBeLessThan(bomb.length / 20);
    expect(length).toBeLessThan(2_200_000);
  });

  it('throws where the data is not zlib’s, is cut short, or goes on behind its end', async () => {
    const whole = await deflated(sample(100_000));
    const wrong = [whole.slice(0, -20), whole.slice(0, 100), new Uint8Array(5_000).fill(7), new Uint8Array(0)];
    for (const data of [...wrong, Uint8Array.from([...whole, 1])]) await expect(bytesOf([data])).rejects.toThrow();
  });
});

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { formats } from '../../src/core/rendition';
import { accountTag, openTaskId, renditionOf, sealTaskId, type TaskHandle } from '../../src/core/task-id';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((values) => Uint8Array.from(values).toHex());
const time = fc.integer({ min: 0, max: 8_640_000_000_000_000 });
const edge = fc.integer({ min: 64, max: 4096 });
const handles: fc.Arbitrary<TaskHandle> = fc
  .record({
    fingerprint: hex(32),
    accountTag: hex(8),
    generation: time,
    createdAt: time,
    source: fc.constantFrom('hit', 'joined', 'bought'),
    format: fc.constantFrom(...formats),
    quality: fc.option(fc.integer({ min: 0, max: 100 })),
    size: fc.record({ width: edge, height: edge }),
    nonce: hex(7),
  } as const)
  .chain((sealed) => fc.constantFrom<TaskHandle[]>(sealed, { ...sealed, wantsBytes: true }));
const handle: TaskHandle = {
  fingerprint: '0123456789abcdef'.repeat(4),
  accountTag: 'feedfacecafebeef',
  generation: 1_795_000_000_123,
  createdAt: 1_795_000_000_456,
  source: 'joined',
  format: 'jpeg',
  quality: 80,
  size: { width: 1920, height: 1080 },
  nonce: '00112233445566',
};

let key: CryptoKey;
beforeAll(async () => {
  key = await keyOf('a secret');
});

function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = Uint8Array.from(new TextEncoder().encode(secret));
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
}

describe('a task id', () => {
  it('opens to what was sealed in it', async () => {
    await fc.assert(
      fc.asyncProperty(handles, async (sealed) => {
        expect(await openTaskId(await sealTaskId(sealed, key), key)).toEqual(sealed);
      }),
    );
  });

  it('is at most 128 URL-safe characters', async () => {
    await fc.assert(
      fc.asyncProperty(handles, async (sealed) => {
        expect(await sealTaskId(sealed, key)).toMatch(/^[A-Za-z0-9_-]{1,128}$/);
      }),
    );
  });

  it('is one for one handle, and another for another nonce', async () => {
    const id = await sealTaskId(handle, key);
    expect(await sealTaskId({ ...handle }, key)).toBe(id);
    expect(await sealTaskId({ ...handle, nonce: '00112233445567' }, key)).not.toBe(id);
  });

  it('does not spell the fingerprint out', async () => {
    expect(await sealTaskId(handle, key)).not.toContain(handle.fingerprint);
  });

  it('is refused with any one character changed to any other', async () => {
    const id = await sealTaskId(handle, key);
    const changed = Array.from(id, (character, at) =>
      Array.from(alphabet.replace(character, ''), (other) => id.slice(0, at) + other + id.slice(at + 1)),
    ).flat();
    expect(changed).toHaveLength(id.length * 63);
    const opened = await Promise.all(changed.map((candidate) => openTaskId(candidate, key)));
    expect(changed.filter((_, index) => opened[index] !== null)).toEqual([]);
  });

  it('is refused when it was sealed with another key', async () => {
    expect(await openTaskId(await sealTaskId(handle, await keyOf('another')), key)).toBeNull();
  });

  it('is refused in any other spelling, or cut, or with more behind it', async () => {
    const id = await sealTaskId(handle, key);
    const others = [`${id}=`, `${id} `, ` ${id}`, `${id}A`, `${id}AAAA`, id.slice(1), id.slice(0, -1), `${id}\n`];
    for (const other of others) expect(await openTaskId(other, key), JSON.stringify(other)).toBeNull();
    expect(await openTaskId(id.repeat(2), key)).toBeNull();
  });

  it('is refused, and nothing thrown, whatever else is given for one', async () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 200 }),
    );
    await fc.assert(fc.asyncProperty(anyText, async (text) => (await openTaskId(text, key)) === null));
  });

  it('says which rendition its task delivers', () => {
    expect(renditionOf(handle)).toEqual({
      format: 'jpeg',
      quality: 80,
      crop: { width: 1920, height: 1080 },
      width: null,
      height: null,
      fit: 'scale-down',
    });
  });
});

describe('accountTag', () => {
  it('is the first 8 bytes of the SHA-256 of the account’s id, in hex', async () => {
    expect(await accountTag('abc')).toBe('ba7816bf8f01cfea');
  });
});

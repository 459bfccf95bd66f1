import { createScheduledController } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { wholeRendition } from '../../src/core/rendition';
import worker from '../../src/index';
import { PictureFiles } from '../../src/storage/picture-files';
import { factsOf, PictureStore } from '../../src/storage/picture-store';
import { Renditions } from '../../src/storage/renditions';
import { addAccount } from '../support/accounts';
import { administered } from '../support/admin-caller';
import { fingerprintIn, made } from '../support/bfl-caller';
import { changeProvider } from '../support/changed-provider';
import { call } from '../support/front-door';
import { objectsOf, renderRow } from '../support/stored-objects';

afterEach(() => {
  vi.restoreAllMocks();
});

async function stored(name: string) {
  const key = await addAccount(`rendition-race-${name}`);
  const body = { prompt: `rendition race: ${name}`, seed: 1, width: 64, height: 64 };
  const print = fingerprintIn((await made(body, { key })).sample);
  await renderRow(print);
  return { key, body, print };
}

const keepHouse = (now: number) =>
  worker.scheduled(createScheduledController({ scheduledTime: new Date(now), cron: '17 * * * *' }), env);
const get = (file: string) => call(`/images/${file}`, { key: null });
const purge = (print: string, key: string) => call(`/v1/pictures/${print}`, { method: 'DELETE', key });
const namesOf = async (print: string) => (await objectsOf(print)).map((key) => key.split('/').at(-1)).toSorted();

/** Does `work` once, while the Images binding is making a rendition. */
function whileMaking(work: () => Promise<unknown>): void {
  const prototype = Object.getPrototypeOf(env.IMAGES);
  const { input } = prototype;
  vi.spyOn(prototype, 'input').mockImplementationOnce(function (this: ImagesBinding, ...given: unknown[]) {
    const transformer = input.apply(this, given);
    const { output } = transformer;
    transformer.output = async (...options: unknown[]) => {
      const answer = await output.apply(transformer, options);
      await work();
      return answer;
    };
    return transformer;
  });
}

/** The bucket, with something done around one of its methods. */
function bucketWith(name: 'put' | 'delete' | 'list', around: (call: () => Promise<unknown>) => Promise<unknown>) {
  return new Proxy(env.PICTURES, {
    get: (target, method) => {
      const real = Reflect.get(target, method).bind(target);
      return method === name ? (...given: unknown[]) => around(() => real(...given)) : real;
    },
  });
}

describe('a rendition that is in the making while its picture is deleted', () => {
  it('is not there afterwards, and neither is the picture', async () => {
    const { key, print } = await stored('deleted');
    const statuses: number[] = [];
    whileMaking(async () => statuses.push((await purge(print, key)).status));
    statuses.push((await get(`${print}.webp?q=20`)).status);
    expect(statuses).toEqual([200, 404]);
    expect(await objectsOf(print)).toEqual([]);
    expect((await get(`${print}.webp?q=20`)).status).toBe(404);
  });

  it('goes within the hour, where its maker died before it looked again', async () => {
    const { key, body, print } = await stored('died');
    vi.spyOn(PictureStore.prototype, 'dropRendition').mockRejectedValueOnce(new Error('killed by a test'));
    whileMaking(() => purge(print, key));
    await get(`${print}.webp?q=20`);
    // As bad as it gets: for some minutes it is served.
    expect((await get(`${print}.webp?q=20`)).status).toBe(200);
    await keepHouse(Date.now() + 60_000);
    expect(await objectsOf(print)).toHaveLength(1);
    await keepHouse(Date.now() + 3_600_000);
    expect(await objectsOf(print)).toEqual([]);
    expect((await get(`${print}.webp?q=20`)).status).toBe(404);
    // Nothing of a picture that was bought anew.
    await made(body, { key });
    expect((await get(`${print}.webp?q=20`)).status).toBe(200);
    await keepHouse(Date.now() + 7_200_000);
    expect(await namesOf(print)).toHaveLength(3);
  });

  it('is made by the next one who wants it, where its maker never ends', async () => {
    const { print } = await stored('stuck');
    const renditions = new Renditions(env.IMAGES, new PictureStore(env.PICTURES), 100);
    const rendition = { ...wholeRendition('webp'), quality: 30 };
    const stuck = vi.spyOn(PictureStore.prototype, 'master').mockImplementationOnce(() => new Promise(() => undefined));
    void renditions.make(print, rendition);
    expect(stuck).toHaveBeenCalledOnce();
    expect((await renditions.make(print, rendition))?.facts.contentType).toBe('image/png');
  });

  it('is made of the new picture, where it was bought anew meanwhile', async () => {
    const { key, body, print } = await stored('anew');
    whileMaking(async () => {
      await purge(print, key);
      await made(body, { key });
    });
    expect((await get(`${print}.webp?q=20`)).status).toBe(200);
    expect(await namesOf(print)).toHaveLength(3);
  });

  const rendition = { crop: null, width: null, height: null, fit: 'scale-down', quality: 20, format: 'webp' } as const;
  const make = (print: string, bucket: R2Bucket) =>
    new Renditions(env.IMAGES, new PictureStore(bucket)).make(print, rendition);

  it.each(['before', 'after'] as const)(
    'is not there, where it is written just %s the files are looked for',
    async (when) => {
      const { print } = await stored(`listed-${when}`);
      let isFirst = true;
      const bucket = bucketWith('list', async (list) => {
        const makeOnce = async () => {
          if (isFirst) await make(print, env.PICTURES);
          isFirst = false;
        };
        if (when === 'before') await makeOnce();
        const found = await list();
        if (when === 'after') await makeOnce();
        return found;
      });
      await new PictureFiles(bucket).remove(print);
      expect(await objectsOf(print)).toEqual([]);
    },
  );

  it.each(['before', 'after'] as const)('is not there, where the files go just %s it is written', async (when) => {
    const { print } = await stored(`written-${when}`);
    const remove = () => new PictureFiles(env.PICTURES).remove(print);
    const bucket = bucketWith('put', async (put) => {
      if (when === 'before') await remove();
      const written = await put();
      if (when === 'after') await remove();
      return written;
    });
    expect(await make(print, bucket)).toBeNull();
    expect(await objectsOf(print)).toEqual([]);
  });

  it('is not there either as a PNG of a picture that is none, and never stands for the picture itself', async () => {
    const { print } = await stored('jpeg');
    const store = new PictureStore(env.PICTURES);
    const png = await store.master(print);
    const facts = factsOf(png);
    if (png === null || facts === null) throw new Error('There is no picture.');
    const output = await env.IMAGES.input(png.body).output({ format: 'image/jpeg' });
    const bytes = new Uint8Array(await output.response().arrayBuffer());
    const sha256 = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex();
    await env.PICTURES.delete(`pictures/${print}/master`);
    await store.putMaster(print, bytes, { ...facts, contentType: 'image/jpeg', sha256 });
    expect((await get(`${print}.png`)).status).toBe(200);
    expect(await namesOf(print)).toEqual(['master', 'recipe.json']);
    whileMaking(() => new PictureFiles(env.PICTURES).remove(print));
    expect((await get(`${print}.png`)).status).toBe(404);
    expect(await objectsOf(print)).toEqual([]);
  });
});

describe('a rendition that is in the making while its picture is made again', () => {
  /** Has the next making of a picture end with other bytes than the first. */
  const another = async (print: string) => {
    const other = await (await get(`${(await stored(`other-${print.slice(0, 8)}`)).print}.png`)).arrayBuffer();
    await changeProvider(print, () => ({
      submit: async () => ({ kind: 'done', bytes: new Uint8Array(other), charge: null }) as never,
    }));
  };

  it('is made of the new picture, where that is another one', async () => {
    const { print } = await stored('differs');
    await another(print);
    const told: boolean[] = [];
    whileMaking(async () => {
      const { same } = await administered<{ same: boolean }>(`pictures/${print}/rerender`, { json: {} });
      told.push(same);
    });
    expect((await get(`${print}.webp?q=20`)).status).toBe(200);
    expect(told).toEqual([false]);
    const rendition = await env.PICTURES.head(`pictures/${print}/q20.webp`);
    const master = await env.PICTURES.head(`pictures/${print}/master`);
    expect(factsOf(rendition)?.sha256).toBe(factsOf(master)?.sha256);
  });

  it('is there, where that is the same', async () => {
    const { print } = await stored('same');
    whileMaking(() => administered(`pictures/${print}/rerender`, { json: {} }));
    expect((await get(`${print}.webp?q=20`)).status).toBe(200);
    expect((await namesOf(print)).length).toBe(3);
  });
});

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { Command } from 'commander';
import type { Client } from '../../client/client';
import type { PictureOptions } from '../../client/order';
import type { Picture } from '../../client/picture';
import { CommandError, exitCodes } from '../exit-code';
import { type OrderWords, orderOf, withOrderOptions } from '../order-words';
import { showProgress } from '../progress';
import type { Act, Session } from '../session';
import { facts } from '../table';
import { bytes, dollars } from '../wording';
import { examples, wholeNumber } from '../words';

interface RenderOptions extends OrderWords {
  readonly output?: string;
  readonly format?: string;
  readonly timeout?: number;
}
const formats: Readonly<Record<string, PictureOptions['format']>> = {
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  webp: 'webp',
};

export function renderCommand(program: Command, act: Act): void {
  withOrderOptions(program.command('render <prompt>').description('make a picture, or edit some'))
    .option('-o, --output <file>', 'where to save it; its extension names the format')
    .option('--format <format>', 'png, jpeg or webp')
    .option('--timeout <seconds>', 'how long to wait', wholeNumber(1, 86_400))
    .addHelpText(
      'after',
      examples(
        'render "A red fox in the snow" -o fox.png',
        'render "The same fox, at night" -r fox.png -o night.webp --seed 7',
        'render - --size 1920x1080 --json < prompt.txt',
      ),
    )
    .action(
      act<[string], RenderOptions>(async (session, [words], options) => {
        const format = formatOf(options);
        const order = { ...(await orderOf(words, options)), ...(format === undefined ? {} : { format }) };
        const picture = await makePicture(session, order, options.timeout);
        const saved = options.output === undefined ? null : await save(picture, options.output);
        const hitMicros = picture.source === 'bought' ? 0 : await hitPrice(session, order);
        session.answer({ ...picture, file: saved?.path ?? null }, () =>
          describe({ picture, saved, hitMicros }, session),
        );
        return undefined;
      }),
    );
}

async function makePicture({ client, terminal }: Session, order: PictureOptions, timeout?: number): Promise<Picture> {
  const progress = showProgress(terminal);
  progress.update('asking', null);
  try {
    return await client.generate(order, {
      ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
      onProgress: ({ status, progress: share, provider }) =>
        progress.update(provider === null ? status : `${status} by ${provider}`, status === 'queued' ? null : share),
    } satisfies Parameters<Client['generate']>[1]);
  } finally {
    progress.end();
  }
}

function formatOf({ output, format }: RenderOptions): PictureOptions['format'] {
  const name = format ?? (output === undefined ? undefined : extname(output).slice(1).toLowerCase());
  if (name === undefined) return undefined;
  const known = formats[name];
  if (known !== undefined) return known;
  throw new CommandError(`A picture cannot be saved as "${name}": expected .png, .jpg or .webp, or a --format.`);
}

interface Saved {
  readonly path: string;
  readonly sizeBytes: number;
}

async function save(picture: Picture, path: string): Promise<Saved> {
  const content = new Uint8Array(await (await picture.blob()).arrayBuffer());
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (thrown) {
    const reason = thrown instanceof Error && 'code' in thrown ? ` (${thrown.code})` : '';
    throw new CommandError(`${path} cannot be written${reason}; the picture is at ${picture.url}`, exitCodes.failed);
  }
  return { path, sizeBytes: content.length };
}

/** What a hit or a join costs here; 0 where that cannot be found out: the picture is there. */
async function hitPrice({ client }: Session, order: PictureOptions): Promise<number> {
  const quote = await client.quote(order).catch(() => null);
  return quote?.pictures[0]?.hitMicros ?? 0;
}

interface Made {
  readonly picture: Picture;
  readonly saved: Saved | null;
  readonly hitMicros: number;
}

function describe({ picture, saved, hitMicros }: Made, { isQuiet, terminal: { paint } }: Session): string {
  if (isQuiet) return saved?.path ?? picture.url;
  const size = `${picture.width}×${picture.height}`;
  const kind = picture.contentType.replace('image/', '');
  const head =
    saved === null ? `${size} ${kind}` : `${paint('bold', saved.path)}  ${size} ${kind}, ${bytes(saved.sizeBytes)}`;
  return `${paint('green', '✓')} ${head}\n\n${facts(
    [
      ['URL', paint('cyan', picture.url)],
      ['Seed', String(picture.seed)],
      ['Source', sourceOf(picture)],
      ['Cost', costOf(picture, hitMicros)],
    ],
    paint,
  )}`;
}

function sourceOf({ source, provider, sandbox }: Picture): string {
  const words = { hit: 'stored already', joined: 'was being made already', bought: 'made just now' }[source];
  return `${source}: ${words}, by ${provider ?? 'a provider'}${sandbox ? ' (no vendor was asked)' : ''}`;
}

function costOf({ source, cost }: Picture, hitMicros: number): string {
  const price = dollars(cost.actualMicros ?? cost.quotedMicros);
  if (source === 'bought') return price;
  return hitMicros === 0
    ? `no purchase: it was bought for ${price}`
    : `${dollars(hitMicros)}: it was bought for ${price}`;
}

import { Fault } from '../core/fault';
import { fingerprint, sha256Hex } from '../core/fingerprint';
import { type ImageRequest, promptText } from '../core/image-request';
import { dearestMicros } from '../core/market';
import type { Order, PictureOrder } from '../core/order';
import { deliveredRendition, type Rendition } from '../core/rendition';
import type { Allowance } from '../core/spending';
import type { Task } from '../core/task';
import { createImages } from './create-images';
import type { Caller, Ports } from './ports';
import { resolveOrder } from './resolve-order';

/** The picture that a link stands for. */
export interface LinkTarget {
  readonly order: Order;
  readonly request: ImageRequest;
  readonly fingerprint: string;
  readonly rendition: Rendition;
}

/** Which picture a link means. Without a seed it is the prompt's own: the same link is always the same picture. */
export async function linkTarget(ports: Ports, caller: Caller, asked: Order): Promise<LinkTarget> {
  const seed = asked.picture.seed ?? (await seedOfPrompt(asked.picture));
  const order: Order = { ...asked, picture: { ...asked.picture, seed } };
  const { requests } = await resolveOrder(ports, caller, order);
  const [request] = requests;
  if (request === undefined) throw new Error('An order of one picture gave none.');
  const rendition = deliveredRendition(request, order.format, order.quality);
  return { order, request, fingerprint: await fingerprint(request), rendition };
}

/** Browsers ask again by themselves: what failed is not tried anew at every look, which is told of the failure instead. */
export const restAfterFailureMs = 60_000;

/** What limits a link's spending, besides what limits its key. */
export interface LinkTerms {
  /** Seconds since 1970. */
  readonly expiresAt: number | null;
  readonly maximumMicros: number | null;
  /** The text that was signed. */
  readonly signedText: string;
}

/**
 * Has a link's picture made. It may cost what is left of the link's own limit, and nothing once the link has ended.
 * @throws Fault `forbidden` after its end; whatever ordering it throws.
 */
export async function buyLinked(
  ports: Ports,
  caller: Caller,
  { target, terms, mode }: { target: LinkTarget; terms: LinkTerms; mode: 'wait' | 'async' },
): Promise<Task> {
  if (terms.expiresAt !== null && terms.expiresAt * 1000 <= ports.now()) {
    const end = new Date(terms.expiresAt * 1000).toISOString();
    throw new Fault(
      'forbidden',
      `The link ended at ${end}: its picture is not stored, and it may not be bought any more.`,
    );
  }
  const allowances = [dayAllowance(ports, caller, target), ...(await ownAllowance(terms))];
  const [task] = await createImages(
    ports,
    { ...caller, allowances, restAfterFailureMs },
    { ...target.order, mode, answersWith: 'picture' },
  );
  if (task === undefined) throw new Error('An order of one picture gave none.');
  if (mode === 'wait' && task.fault !== null) throw task.fault;
  return task;
}

/** Every look at a page asks again for a picture that cannot be had: what it may cost in a day is a few tries. */
const triesADay = 3;

function dayAllowance(ports: Ports, { preference }: Caller, { request, fingerprint: print }: LinkTarget): Allowance {
  const dayMicros = triesADay * dearestMicros(ports.offers(request, preference));
  return { name: `link:${print.slice(0, 32)}`, dayMicros, totalMicros: null, requestsPerMinute: null };
}

async function ownAllowance({ maximumMicros, signedText, expiresAt }: LinkTerms): Promise<Allowance[]> {
  if (maximumMicros === null) return [];
  const end = expiresAt === null ? {} : { endsAt: expiresAt * 1000 };
  const digest = await sha256Hex(Uint8Array.from(new TextEncoder().encode(signedText)));
  const name = `link-max:${digest.slice(0, 32)}`;
  return [{ name, dayMicros: null, totalMicros: maximumMicros, requestsPerMinute: null, ...end }];
}

async function seedOfPrompt({ prompt }: PictureOrder): Promise<number> {
  const text = new TextEncoder().encode(`fluxgate:seed-of-prompt:v1\n${promptText(prompt)}`);
  return Number.parseInt((await sha256Hex(Uint8Array.from(text))).slice(0, 8), 16);
}

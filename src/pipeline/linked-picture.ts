import { certainRefusal } from '../accounts/certain-refusal';
import { refuseBeyondKey } from '../accounts/order-limits';
import { Fault } from '../core/fault';
import { fingerprint, sha256Hex } from '../core/fingerprint';
import { type ImageRequest, promptText } from '../core/image-request';
import { dearestMicros } from '../core/market';
import type { Order, PictureOrder } from '../core/order';
import { deliveredRendition, type Rendition } from '../core/rendition';
import type { Allowance } from '../core/spending';
import type { Task } from '../core/task';
import { chooseBuying } from './choose-buying';
import { createImages } from './create-images';
import { askingOf } from './join-render';
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
  const spender = await spenderOf(ports, caller, { target, terms });
  const [task] = await createImages(
    { ...ports, hitCharge: nothingForHits },
    { ...spender, restAfterFailureMs },
    { ...target.order, mode, answersWith: 'picture' },
  );
  if (task === undefined) throw new Error('An order of one picture gave none.');
  if (mode === 'wait' && task.fault !== null) throw restingFrom(task.fault);
  return task;
}

/** Whoever looks on costs nothing, at a picture that is being made as at a stored one: else every look at a page would. */
const nothingForHits: Ports['hitCharge'] = { priceMicros: 0, take: async () => undefined, takeOnce: async () => 0 };

/**
 * Refuses what {@link buyLinked} would refuse, as far as that is known without asking the account: links are looked at
 * far more often than they buy. The picture's own object is asked, and nothing begins.
 * @throws Fault as {@link buyLinked} does.
 */
export async function checkLinked(
  ports: Ports,
  caller: Caller,
  { target, terms }: { target: LinkTarget; terms: LinkTerms },
): Promise<void> {
  const { request, fingerprint: print } = target;
  if (caller.key !== null) refuseBeyondKey(caller.key, request);
  const buying = await chooseBuying(ports, caller, request);
  const failed = await ports.renders.restingFault(print, caller.account.id, restAfterFailureMs);
  if (failed !== null) throw Fault.fromRecord(failed);
  const wanted = { handle: { fingerprint: print }, request, buying };
  const spender = await spenderOf(ports, caller, { target, terms });
  const refusal = certainRefusal(askingOf(ports, spender, wanted, { id: '', pictures: 1 }), ports.now());
  // Who joins the making of a picture needs no money for it.
  if (refusal !== null && !(await ports.renders.isUnderWay(print, null))) throw refusal;
}

/** A failure as the looks after it are told of it. What was cancelled does not rest: the next look begins anew. */
function restingFrom(fault: Fault): Fault {
  if (fault.code === 'cancelled') return fault;
  return Fault.fromRecord({ ...fault.toRecord(), retryAfterSeconds: restAfterFailureMs / 1000 });
}

async function spenderOf(
  ports: Ports,
  caller: Caller,
  { target, terms }: { target: LinkTarget; terms: LinkTerms },
): Promise<Caller> {
  return { ...caller, allowances: [dayAllowance(ports, caller, target), ...(await ownAllowance(terms))] };
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

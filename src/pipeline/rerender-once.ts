import { Fault } from '../core/fault';
import { type PictureClaims, whileHolding } from '../storage/picture-claims';
import { anyTask } from '../storage/task-list';
import type { Ports } from './ports';
import type { Rerendered } from './rerender-image';
import { digestOf } from './resolve-order';
import { claimedAlready } from './while-claimed';

/** An order, with a name, to make a stored picture again. */
export interface NamedRerender {
  readonly fingerprint: string;
  /** Who pays. */
  readonly accountId: string;
  /** Names the order across repeats: of no other order of that account. */
  readonly name: string;
}

/** So long its purchase is looked for: as long as its idempotency key is held to it. */
const rememberedMs = 86_400_000;
const lookEveryMs = 500;
/** Of the 14 digits of a nonce, those that stand for the order: the others tell its attempts apart. */
const markDigits = 8;

interface Ways<Answer> {
  /** Has the picture made again, by these ports. */
  make(ports: Ports): Promise<Answer>;
  /** Tells what an earlier one came to. */
  tell(made: Rerendered): Promise<Answer>;
}

/**
 * Has a picture made again, but once however often the order is sent: sent again it is told what that came to, once it
 * has ended. What names the order is in the nonces of its tasks, and by these in the ledger, so that it is known too
 * where nobody lived to tell. One that failed for nothing is tried again.
 * @throws Fault `conflict` while somebody else makes the picture again or deletes it, `wait_exceeded`, what `make` throws
 */
export async function rerenderOnce<Answer extends object>(
  { ports, claims }: { readonly ports: Ports; readonly claims: PictureClaims },
  order: NamedRerender,
  { make, tell }: Ways<Answer>,
): Promise<Answer> {
  const { fingerprint } = order;
  const tag = await digestOf(order);
  const mark = tag.slice(0, markDigits);
  const marked = { ...ports, drawNonce: () => mark + ports.drawNonce().slice(markDigits) };
  const attempt = async () => {
    // Begun by this order, perhaps, whose answer was lost: to join it now could be a moment too late.
    if (await ports.renders.isUnderWay(fingerprint, null)) return null;
    const made = await madeBefore(ports, order, mark);
    return made === null ? await make(marked) : await tell(made);
  };
  for (const deadline = ports.now() + ports.waitSeconds * 1000; ports.now() < deadline; ) {
    const claim = await claims.claim(fingerprint, 'rerender', ports.now(), tag);
    const answer = claim === null ? null : await whileHolding(claim, attempt);
    if (answer !== null) return answer;
    if (claim === null && (await claims.isOthers(fingerprint, tag, ports.now()))) throw claimedAlready();
    await scheduler.wait(lookEveryMs);
  }
  throw new Fault('wait_exceeded', 'The picture is still being made again. The same request again tells how it ends.', {
    retryAfterSeconds: 5,
  });
}

/** What the order bought: its picture took the place of the stored one. */
async function madeBefore(ports: Ports, order: NamedRerender, mark: string): Promise<Rerendered | null> {
  const { accountId, fingerprint } = order;
  const filter = { ...anyTask, status: 'ready', fingerprint, from: ports.now() - rememberedMs } as const;
  const settled = await ports.settledTasks.page(accountId, filter, { after: null, limit: 100 });
  for (const { task } of settled) {
    const handle = await ports.taskIds.open(task);
    const facts = handle?.nonce.startsWith(mark) ? await ports.pictures.facts(fingerprint) : null;
    if (facts !== null) return { task, sha256: facts.sha256 };
  }
  return null;
}

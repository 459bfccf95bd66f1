import type { DoneAct } from './acts.ts';
import type { Exchange } from './exchange.ts';
import type { PlannedOrder } from './plan.ts';

/** An exchange, without its body. */
export interface Note {
  readonly from: number;
  readonly to: number;
  readonly what: string;
  /** null: none, and the caller did not hang up. */
  readonly status: number | null;
  /** The service's own code of what went wrong, or why the connection was lost. */
  readonly code: string | null;
  readonly kind: Exchange['kind'];
}
/** A task that the service accepted, and how it ended. */
export interface AcceptedTask {
  readonly id: string;
  readonly account: string;
  readonly order: PlannedOrder;
  /** Where its end was to be told; null: nowhere. */
  readonly webhookPath: string | null;
  /** null: it has not ended. */
  end: { readonly status: string; readonly code: string | null; readonly pictureUrl: string | null } | null;
}

/** All that the callers of a run saw. */
export class Witness {
  readonly notes: Note[] = [];
  readonly tasks = new Map<string, AcceptedTask>();
  /** The fingerprints that a picture, by its index, was told to have. */
  readonly prints = new Map<number, Set<string>>();
  /** Which picture, by its index, has a seed. */
  readonly seeds = new Map<number, number>();
  /** How often each picture was asked for. */
  readonly asked = new Map<number, number>();
  /** How often each account asked for a picture. */
  readonly askedBy = new Map<string, number>();
  /** What the operator did to pictures. */
  readonly acts: DoneAct[] = [];
  /** What was paid in, by account. */
  readonly credited = new Map<string, number>();

  note(exchange: Exchange): void {
    const { from, to, kind, method, url } = exchange;
    const code =
      kind === 'answered' ? (exchange.headers['x-fluxgate-error'] ?? null) : kind === 'lost' ? exchange.why : null;
    const status = kind === 'answered' ? exchange.status : null;
    const { pathname, search } = new URL(url);
    this.notes.push({ from, to, kind, status, code, what: `${method} ${(pathname + search).slice(0, 80)}` });
  }

  ask({ picture, account }: PlannedOrder): void {
    this.askedBy.set(account, (this.askedBy.get(account) ?? 0) + 1);
    if (picture.seed !== null) this.seeds.set(picture.seed, picture.index);
    this.asked.set(picture.index, (this.asked.get(picture.index) ?? 0) + 1);
  }

  /** Learns from an answer's headers which task was accepted, and which picture it is. */
  accept(
    order: PlannedOrder,
    headers: Readonly<Record<string, string>>,
    webhookPath: string | null,
  ): AcceptedTask | null {
    const fingerprint = headers['x-fluxgate-fingerprint'];
    if (fingerprint !== undefined) this.print(order.picture.index, fingerprint);
    const seed = headers['x-fluxgate-seed'];
    if (seed !== undefined) this.seeds.set(Number(seed), order.picture.index);
    const id = headers['x-fluxgate-task'];
    if (id === undefined) return null;
    const known = this.tasks.get(id);
    const task = known ?? { id, account: order.account, order, webhookPath, end: null };
    this.tasks.set(id, task);
    return task;
  }

  print(picture: number, fingerprint: string): void {
    this.prints.set(picture, (this.prints.get(picture) ?? new Set()).add(fingerprint));
  }

  credit(account: string, micros: number): void {
    this.credited.set(account, (this.credited.get(account) ?? 0) + micros);
  }

  /** How often the operator did so to a picture, by its index. */
  actsOn(picture: number, kind: DoneAct['kind']): number {
    return this.acts.filter((act) => act.picture === picture && act.kind === kind).length;
  }

  openTasks(): AcceptedTask[] {
    return [...this.tasks.values()].filter(({ end }) => end === null);
  }
}

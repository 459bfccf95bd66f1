import { type Listener, startListener } from '../process/support/listener.ts';
import type { Random } from './random.ts';

/** Takes webhooks, and refuses some of them the first time. */
export interface Receiver extends Listener {
  /** Paths at which one was taken. */
  readonly taken: ReadonlySet<string>;
}

export async function startReceiver(random: Random): Promise<Receiver> {
  const taken = new Set<string>();
  const refused = new Set<string>();
  const listener = await startListener((request, response) => {
    request.resume().on('end', () => {
      const path = request.url ?? '';
      const isTaken = refused.has(path) || random.chance(0.7);
      (isTaken ? taken : refused).add(path);
      response.writeHead(isTaken ? 204 : 500).end();
    });
  });
  return { ...listener, taken };
}

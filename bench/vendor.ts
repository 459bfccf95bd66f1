import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A vendor on this machine, which sells a picture at once, or as late as it is told. */
export interface Vendor {
  readonly url: string;
  /** The only key that it takes. */
  readonly key: string;
  /** How long a picture takes from now on. */
  takes(milliseconds: number): Promise<void>;
  /** How many pictures it has sold. */
  sold(): Promise<number>;
  stop(): Promise<unknown>;
}

/** Starts the simulated AIgateway: its API is OpenAI's, which other gateways take too. */
export async function startVendor(): Promise<Vendor> {
  const thread = new Worker(new URL('vendor-thread.ts', import.meta.url));
  const [url]: string[] = await once(thread, 'message');
  if (url === undefined) throw new Error('The simulated vendor did not say where it is.');
  const told = async (path: string, body: object = {}): Promise<{ count: number }> => {
    const response = await fetch(`${url}/__simulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`The simulated vendor answered ${response.status}.`);
    return (await response.json()) as { count: number };
  };
  return {
    url,
    key: 'sk-aig-simulated-key',
    takes: async (milliseconds) => {
      await told('set', { latencyMs: milliseconds });
    },
    sold: async () => (await told('sales')).count,
    stop: () => thread.terminate(),
  };
}

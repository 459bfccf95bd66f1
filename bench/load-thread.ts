/** Makes load, in a thread of its own: Miniflare's part in the bench is then not in its way. See load.ts. */
import { Agent, request } from 'node:http';
import { parentPort } from 'node:worker_threads';
import { type Load, numberMark, type Shot, type Slice } from './load.ts';

let sent = 0;

parentPort?.on('message', async (load: Load) => {
  const told = await fire(load).catch((error: unknown) => ({ error: String(error) }));
  parentPort?.postMessage(told);
});

/** Every connection sends its next request when its last one was answered. */
async function fire({ shot, connections, milliseconds }: Load): Promise<Slice> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endAt = startedAt + milliseconds;
  const shoot = async () => {
    while (performance.now() < endAt) latencies.push(await send(agent, shot));
  };
  await Promise.all(Array.from({ length: connections }, shoot));
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  const sorted = latencies.toSorted((a, b) => a - b);
  const requests = latencies.length;
  return { requests, requestsPerSecond: requests / seconds, p50Ms: sorted[Math.floor(requests / 2)] ?? 0 };
}

/** Milliseconds from the request to the last byte of its answer. */
function send(agent: Agent, { url, method, headers, body, answers = [200] }: Shot): Promise<number> {
  return new Promise((resolve, reject) => {
    const sentAt = performance.now();
    const outgoing = request(url, { agent, method, headers }, (response) => {
      const { statusCode = 0 } = response;
      response.on('end', () => {
        if (answers.includes(statusCode)) resolve(performance.now() - sentAt);
        else reject(new Error(`${method} ${url} answered ${statusCode}.`));
      });
      response.resume();
    });
    sent += 1;
    outgoing.on('error', reject).end(body.replace(numberMark, String(sent)));
  });
}

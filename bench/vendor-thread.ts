/** A simulated vendor in a thread of its own: Miniflare's part in the bench is then not in its way. See vendor.ts. */
import { parentPort } from 'node:worker_threads';
import { aigateway } from '../test/vendors/aigateway.ts';
import { startSimulator } from '../test/vendors/serve.ts';

const { url, shop } = await startSimulator(aigateway);
shop.latencyMs = 0;
parentPort?.postMessage(url);

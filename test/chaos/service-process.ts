/** The process that is killed: the service on the state that its setting names. Ends when its parent does. */
import { readFileSync } from 'node:fs';
import { Miniflare } from 'miniflare';
import { miniflareOptions, type Setting, workerName } from './worker.ts';

const setting: Setting = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const miniflare = new Miniflare(miniflareOptions(setting));
await miniflare.ready;
console.log('ready');

// By the clock of a deployment it is done each hour.
process.stdin.once('data', async () => {
  const worker = await miniflare.getWorker(workerName);
  await worker.scheduled({ scheduledTime: new Date(Date.now() + 3_600_000), cron: '17 * * * *' });
  console.log('kept house');
});
process.stdin.once('end', async () => {
  await miniflare.dispose();
  process.exit(0);
});
process.stdin.resume();

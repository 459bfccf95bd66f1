/** The process that is killed: the service on the state that its setting names. Ends when its parent does. */
import { readFileSync } from 'node:fs';
import { Miniflare } from 'miniflare';
import { miniflareOptions, type Setting } from './worker.ts';

const setting: Setting = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const miniflare = new Miniflare(miniflareOptions(setting));
await miniflare.ready;
console.log('ready');

process.stdin.once('end', async () => {
  await miniflare.dispose();
  process.exit(0);
});
process.stdin.resume();

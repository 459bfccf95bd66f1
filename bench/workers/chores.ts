import { fingerprint } from '../../src/core/fingerprint';
import { squareMegapixel } from '../../src/core/price';
import { LinkSignatures } from '../../src/storage/link-signatures';
import { Signatures } from '../../src/storage/signatures';
import { UsageLedger } from '../../src/storage/usage-ledger';

/** One thing that the service does, alone and many times: what it takes is measured from outside. */
export async function work(url: URL, env: Env): Promise<Response> {
  const chore = chores[url.pathname.slice('/bench/'.length)];
  if (chore === undefined) return new Response(null, { status: 404 });
  const times = Number(url.searchParams.get('times'));
  const task = await chore(url, env);
  for (let time = 0; time < times; time += 1) await task(time);
  return Response.json({ times });
}

type Task = (time: number) => Promise<unknown>;

const chores: Readonly<Record<string, (url: URL, env: Env) => Task | Promise<Task>>> = {
  fingerprints: (url) => {
    const prompt = 'flux '.repeat(Number(url.searchParams.get('characters')) / 5);
    return (time) => fingerprint({ ...squareMegapixel, prompt, seed: time });
  },
  signatures: async () => {
    const secret = 'a signing secret for benches only';
    const signatures = new LinkSignatures(new Signatures(secret, null));
    const text = `v1\nposter.webp\nkey=bench&prompt=${'a%20poster%20'.repeat(8)}&seed=1&width=1024&height=1024`;
    const signature = `${'A'.repeat(43)}`;
    await signatures.isSigned('bench', text, signature);
    return () => signatures.isSigned('bench', text, signature);
  },
  purchases: (_, env) => {
    const ledger = new UsageLedger(env.LEDGER);
    return () => ledger.record([purchase()], null);
  },
};

function purchase() {
  const settledAt = Date.now();
  return {
    ...{ id: crypto.randomUUID(), accountId: 'bench', keyId: null, settledAt, queuedAt: settledAt },
    ...{ fingerprint: 'f'.repeat(64), dialect: 'openai', task: 'task', provider: 'bfl', outcome: 'ready' },
    ...{ inputMegapixels: 0, outputMegapixels: 1, quotedMicros: 60_000, actualMicros: null, spentMicros: 60_000 },
    paidBy: 'account' as const,
  };
}

import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { freePort, freshState, killLeftovers, type LocalService, startService } from '../local-service.ts';
import { startMailbox } from './mailbox.ts';
import { learnSent, sentFolder } from './sent-by-tests.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the service answers. */
    origin: string;
    key: string;
    /** Where webhooks are received; the service trusts it. */
    mailboxOrigin: string;
    /** Where test files leave what they sent. */
    sentFolder: string;
    /** The packages of the vendors' Python samples that this machine has. */
    pythonPackages: readonly string[];
  }
}

const key = 'fg_dev_for_client_tests';
const state = freshState();
const folder = sentFolder();
let service: LocalService | null = null;
let mailbox: Awaited<ReturnType<typeof startMailbox>> | null = null;

/** Starts one service for all files, with its own state, port and key. */
export async function setup(project: TestProject): Promise<void> {
  mailbox = await startMailbox();
  service = await startService({ port: await freePort(), state, settings: settings(mailbox.origin) });
  await expectOurs(service);
  project.provide('origin', service.url);
  project.provide('key', key);
  project.provide('mailboxOrigin', mailbox.origin);
  project.provide('sentFolder', folder);
  project.provide('pythonPackages', pythonPackages());
}

export async function teardown(): Promise<void> {
  try {
    learnSent(folder);
    await service?.stop();
  } finally {
    await killLeftovers();
    await mailbox?.close();
    rmSync(state, { recursive: true, force: true });
  }
}

function settings(trustedOrigin: string): Readonly<Record<string, string>> {
  return {
    DEV_API_KEY: key,
    SIGNING_SECRET: 'a signing secret for tests only',
    SANDBOX_LATENCY_MS: '200',
    TRUSTED_ORIGINS: trustedOrigin,
    // As under npm: the service ends by itself when this process is gone.
    npm_lifecycle_event: 'start',
  };
}

/** Whoever else might have taken the port knows another key. */
async function expectOurs({ url, printed }: LocalService): Promise<void> {
  const { status } = await fetch(`${url}/v1/usage`, { headers: { 'x-key': key } });
  if (status !== 200) throw new Error(`Another service answers at ${url}. Ours printed:\n${printed()}`);
}

function pythonPackages(): readonly string[] {
  const has = (name: string) => spawnSync('python3', ['-c', `import ${name}`]).status === 0;
  const present = ['requests', 'openai'].filter(has);
  if (!present.includes('requests'))
    console.log('python3 with "requests" is not on this machine: its tests are left out.');
  return present;
}

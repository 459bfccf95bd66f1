import type { Accounts } from '../accounts/accounts-port';
import { HitCharge } from '../accounts/hit-charge';
import type { RefusalMemory } from '../accounts/refusal-memory';
import { UsageCounter } from '../accounts/usage-counter';
import { openTaskId, sealTaskId } from '../core/task-id';
import { openPictures } from '../pipeline/open-pictures';
import type { Ports, TaskIds, Uploads } from '../pipeline/ports';
import { rendersPort } from '../renders/renders-port';
import type { ReferenceStore } from '../storage/reference-store';
import type { Signatures } from '../storage/signatures';
import { TaskList } from '../storage/task-list';
import type { Config } from './config';
import { callerKeyPurpose, type Market } from './market';
import { pictureUrls } from './picture-urls';
import type { Stores } from './stores';

interface Parts extends Stores {
  readonly accounts: Accounts;
  readonly refusals: RefusalMemory;
  readonly config: Config;
  readonly market: Market;
}

/** Everything that the pipeline may touch outside itself, made of the service's parts. */
export function pipelinePorts(
  env: Env,
  {
    accounts,
    refusals,
    config,
    ledger,
    pictures,
    renditions,
    references,
    signatures,
    market,
    providerKeys,
    vault,
  }: Parts,
): Ports {
  const hitCharge = new HitCharge(accounts, config.HIT_PRICE_MICROS);
  const counter = new UsageCounter(ledger, accounts, hitCharge);
  return {
    renders: rendersPort(env.RENDERS),
    ...{ accounts, refusals, hitCharge },
    pictures: openPictures(pictures, renditions),
    taskIds: taskIdsOf(signatures),
    uploads: uploadsOf(references, signatures),
    waitSeconds: config.WAIT_SECONDS,
    trustedOrigins: config.TRUSTED_ORIGINS,
    admitReference: (source, own) => references.admit(source, own),
    settledTasks: new TaskList(env.LEDGER),
    ...{ offers: market.offers, choose: market.choose, likeliest: market.likeliest },
    storedKeys: (accountId) => providerKeys.keysOf(accountId),
    sealKey: (key) => vault.seal(key, callerKeyPurpose),
    ...pictureUrls(signatures, config.PRIVATE_URL_SECONDS),
    count: (counted, defer) => counter.add(counted, defer),
    seedOfKey: (accountId, key) => signatures.number('seed', `${accountId}\n${key}`),
    drawSeed: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
    drawNonce: () => crypto.getRandomValues(new Uint8Array(7)).toHex(),
    now: () => Date.now(),
  };
}

function taskIdsOf(signatures: Signatures): TaskIds {
  return {
    seal: async (handle) => await sealTaskId(handle, await signatures.taskKey),
    open: async (id) => {
      const handle = await openTaskId(id, await signatures.taskKey);
      const previous = handle === null ? await signatures.previousTaskKey : null;
      return previous === null ? handle : await openTaskId(id, previous);
    },
  };
}

function uploadsOf(references: ReferenceStore, signatures: Signatures): Uploads {
  return {
    put: (file, id) => references.upload(file, id),
    find: (id) => references.uploaded(id),
    bytes: async (id) => {
      const object = await references.read(id);
      return object === null ? null : new Uint8Array(await object.arrayBuffer());
    },
    promise: async () => {
      const id = `u${crypto.getRandomValues(new Uint8Array(20)).toHex()}`;
      return { id, ticket: `${id}.${await signatures.sign('upload', id)}` };
    },
    redeem: async (ticket) => {
      const [id = '', signature = ''] = ticket.split('.');
      return (await signatures.isSigned('upload', id, signature)) ? id : null;
    },
  };
}

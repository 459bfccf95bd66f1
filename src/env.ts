import { z } from 'zod';
import { KeyRing } from './accounts/key-ring';
import { UsageCounter } from './accounts/usage-counter';
import type { Catalogue } from './core/dialect';
import { fitOf } from './core/fit';
import { guardedFetch } from './core/guarded-fetch';
import type { ImageRequest } from './core/image-request';
import { priceMicros, squareMegapixel } from './core/price';
import type { Provider } from './core/provider';
import { extensions, isOnLadder, type Rendition, renditionQuery } from './core/rendition';
import { openTaskId, sealTaskId } from './core/task-id';
import { webhookMessage } from './dialects/registry';
import { deliverWebhook, type WebhookSender } from './pipeline/deliver-webhook';
import { openPictures } from './pipeline/open-pictures';
import type { Ports, Uploads } from './pipeline/ports';
import { createProviders } from './providers/registry';
import type { RenderPorts } from './renders/render-ports';
import { rendersPort } from './renders/renders-port';
import { purchaseOf, storedRenderOf } from './renders/settlement';
import { PictureStore } from './storage/picture-store';
import { ReferenceStore } from './storage/reference-store';
import { Renditions } from './storage/renditions';
import { Signatures } from './storage/signatures';
import { storePicture } from './storage/store-picture';
import { openTemporaryUrl, sealTemporaryUrl } from './storage/temporary-url';
import { UsageLedger } from './storage/usage-ledger';

const seconds = (fallback: number, most: number) => z.coerce.number().min(0).max(most).default(fallback);

/** What the operator may set, from `.dev.vars`, secrets or `[vars]`. */
const configSchema = z.object({
  SIGNING_SECRET: z
    .string()
    .min(16, 'expected at least 16 characters; set it with `wrangler secret put SIGNING_SECRET`'),
  DEV_API_KEY: z.string().startsWith('fg_').optional(),
  WAIT_SECONDS: seconds(120, 600),
  RENDER_DEADLINE_SECONDS: seconds(900, 86_400),
  SANDBOX_LATENCY_MS: z.coerce.number().min(0).max(600_000).default(1_500),
  /** Origins, separated by commas, that references and webhooks may reach although they are not public. */
  TRUSTED_ORIGINS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ''),
    ),
});
export type Config = z.infer<typeof configSchema>;

/** Everything a deployment is made of: built once for each isolate, from its bindings. */
export interface Service {
  readonly config: Config;
  readonly ports: Ports;
  readonly keyRing: KeyRing;
  readonly ledger: UsageLedger;
  readonly pictures: PictureStore;
  readonly renditions: Renditions;
  readonly references: ReferenceStore;
  readonly signatures: Signatures;
  readonly providers: readonly Provider[];
  readonly catalogue: Catalogue;
}

const services = new WeakMap<Env, Service>();

/** The service of these bindings. @throws Error that names the setting which is missing or wrong. */
export function serviceOf(env: Env): Service {
  const known = services.get(env);
  if (known !== undefined) return known;
  const service = buildService(env);
  services.set(env, service);
  return service;
}

/** What a Render object may touch. */
export function renderPortsOf(env: Env): RenderPorts {
  const { config, ports, providers, references, pictures, ledger, signatures } = serviceOf(env);
  const sender = webhookSender(config, signatures);
  return {
    providers,
    context: {
      fetch: (url, init) => fetch(url, init),
      readReference: (reference) => references.bytes(reference),
      now: () => Date.now(),
    },
    deadlineMs: config.RENDER_DEADLINE_SECONDS * 1000,
    draw: () => Math.random(),
    isStored: async (fingerprint) => (await pictures.facts(fingerprint)) !== null,
    store: ({ record, provider, charge, bytes }) =>
      storePicture(pictures, {
        fingerprint: record.fingerprint,
        request: record.request,
        bytes,
        provider: provider.id,
        isSandbox: provider.isSandbox,
        quotedMicros: record.buyer.quotedMicros,
        actualMicros: charge,
        startedAt: record.generation,
        endedAt: Date.now(),
      }),
    settle: async ({ record, ending }) => {
      const task = await ports.taskIds.seal(record.handle);
      await ledger.record(purchaseOf(record, ending, task), storedRenderOf(record, ending));
    },
    tell: (record, view) => deliverWebhook(ports, sender, { record, view }),
    log,
  };
}

function buildService(env: Env): Service {
  const config = readConfig(env);
  const signatures = new Signatures(config.SIGNING_SECRET);
  const ledger = new UsageLedger(env.LEDGER);
  const pictures = new PictureStore(env.PICTURES);
  const renditions = new Renditions(env.IMAGES, pictures);
  const references = new ReferenceStore(env.PICTURES, (input, init) => fetch(input, init), config.TRUSTED_ORIGINS);
  const providers = createProviders({ sandboxLatencyMs: config.SANDBOX_LATENCY_MS });
  const counter = new UsageCounter(ledger);
  const ports: Ports = {
    renders: rendersPort(env.RENDERS),
    pictures: openPictures(pictures, renditions),
    taskIds: {
      seal: async (handle) => await sealTaskId(handle, await signatures.taskKey),
      open: async (id) => await openTaskId(id, await signatures.taskKey),
    },
    uploads: uploadsOf(references, signatures),
    waitSeconds: config.WAIT_SECONDS,
    trustedOrigins: config.TRUSTED_ORIGINS,
    admitReference: (source, own) => references.admit(source, own),
    recentTasks: (accountId, before, count) => ledger.recentTasks(accountId, before, count),
    quote: (request) => quote(providers, request),
    pictureUrl: (origin, fingerprint, rendition) => pictureUrl(signatures, { origin, fingerprint, rendition }),
    temporaryUrl: (url) => sealTemporaryUrl(signatures, url, Date.now()),
    openTemporaryUrl: (url) => openTemporaryUrl(signatures, url, Date.now()),
    count: (counted, defer) => counter.add(counted, defer),
    drawSeed: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
    drawNonce: () => crypto.getRandomValues(new Uint8Array(7)).toHex(),
    now: () => Date.now(),
  };
  const keyRing = new KeyRing(env.LEDGER, config.DEV_API_KEY ?? null);
  const catalogue = catalogueOf(providers);
  return { config, ports, keyRing, ledger, pictures, renditions, references, signatures, providers, catalogue };
}

/** @throws Error naming each setting that is wrong. */
function readConfig(env: Env): Config {
  const result = configSchema.safeParse(env);
  if (result.success) return result.data;
  throw new Error(`The service is not configured: ${z.prettifyError(result.error)}`);
}

function quote(providers: readonly Provider[], request: ImageRequest): number {
  const first = providers.find((provider) => fitOf(provider.capability, request).kind === 'exact') ?? providers[0];
  return first === undefined ? 0 : priceMicros(first.capability.price, request);
}

async function pictureUrl(
  signatures: Signatures,
  { origin, fingerprint, rendition }: { origin: string; fingerprint: string; rendition: Rendition },
): Promise<string> {
  const query = renditionQuery(rendition);
  const path = `/images/${fingerprint}.${extensions[rendition.format]}`;
  if (!isOnLadder(rendition)) query.set('s', await signatures.sign('rendition', `${path}?${query}`));
  return query.size === 0 ? origin + path : `${origin}${path}?${query}`;
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

function catalogueOf(providers: readonly Provider[]): Catalogue {
  const first = providers[0];
  return {
    priceMicros: first === undefined ? 0 : priceMicros(first.capability.price, squareMegapixel),
    isSandbox: providers.every((provider) => provider.isSandbox),
    providers: providers.map((provider) => provider.id),
  };
}

function webhookSender(config: Config, signatures: Signatures): WebhookSender {
  return {
    message: webhookMessage,
    accountSecret: (accountId) => signatures.webhookSecret(accountId),
    falHeaders: (about) => signatures.falHeaders(about),
    post: async (url, headers, body) => {
      const limits = {
        trustedOrigins: config.TRUSTED_ORIGINS,
        timeoutMs: 15_000,
        maximumBytes: 64 * 1024,
        maximumRedirects: 0,
      };
      const response = await guardedFetch(
        (input, init) => fetch(input, init),
        { url, method: 'POST', headers, body },
        limits,
      );
      return response.status;
    },
    log,
  };
}

function log(event: string, facts: Readonly<Record<string, unknown>>): void {
  console.warn(JSON.stringify({ event, ...facts }));
}

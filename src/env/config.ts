import * as z from 'zod';
import { routes } from '../core/market';
import type { AiBinding, ProviderEntry, ProviderSettings } from '../core/provider';

const seconds = (fallback: number, most: number) => z.coerce.number().min(0).max(most).default(fallback);
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;

/** What the operator may set, from `.dev.vars`, secrets or `[vars]`. */
const configSchema = z.object({
  SIGNING_SECRET: z
    .string('is missing; set it with `wrangler secret put SIGNING_SECRET`')
    .min(16, 'needs at least 16 characters'),
  DEV_API_KEY: z.string().startsWith('fg_', 'must begin with fg_').optional(),
  WAIT_SECONDS: seconds(110, 600),
  RENDER_DEADLINE_SECONDS: seconds(900, 86_400),
  SANDBOX_LATENCY_MS: z.coerce.number().min(0).max(600_000).default(1_500),
  /** Origins that references and webhooks may reach although they are not public. */
  TRUSTED_ORIGINS: list.refine(
    (origins) => origins.every(isOrigin),
    'must be origins such as http://127.0.0.1:9000, separated by commas',
  ),
  /** Ids of the providers to use, in order; empty: all that have a key. */
  PROVIDERS: list,
  ROUTE: z.enum(routes, `must be one of ${routes.join(', ')}`).default('order'),
  ON_UNKNOWN: z.enum(['fail', 'rebuy'], 'must be fail or rebuy').default('fail'),
});

/** A provider that the operator set up. */
export interface ConfiguredProvider {
  readonly entry: ProviderEntry;
  readonly settings: ProviderSettings;
}
export type Config = z.infer<typeof configSchema> & {
  readonly providers: readonly ConfiguredProvider[];
  readonly usesSandbox: boolean;
};

/** A setting is missing or wrong. Its message names the setting and says what is accepted; no secret is in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** @throws ConfigError */
export function readConfig(env: object, entries: readonly ProviderEntry[]): Config {
  const result = configSchema.safeParse(env);
  if (!result.success) {
    const issues = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new ConfigError(`The service is not configured: ${issues.join('; ')}.`);
  }
  const { PROVIDERS: wanted } = result.data;
  checkNames(wanted, entries);
  const configured = entries.flatMap((entry) => configuredOf(entry, env));
  checkKeys(wanted, configured, entries);
  const providers =
    wanted.length === 0 ? configured : wanted.flatMap((id) => configured.filter(({ entry }) => entry.id === id));
  return { ...result.data, providers, usesSandbox: wanted.includes('sandbox') || configured.length === 0 };
}

function configuredOf(entry: ProviderEntry, env: object): ConfiguredProvider[] {
  const read = (name: string) => {
    const value: unknown = Reflect.get(env, `${entry.prefix}_${name}`);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
  };
  const apiKey = read('API_KEY') ?? read('API_TOKEN');
  const ai = entry.takesAiBinding === true ? aiBindingOf(env) : null;
  if (apiKey === null && ai === null) return [];
  const baseUrl = (read('BASE_URL') ?? entry.defaultBaseUrl).replace(/\/+$/, '');
  if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new ConfigError(`${entry.prefix}_BASE_URL must be an http or https URL, such as ${entry.defaultBaseUrl}.`);
  }
  return [{ entry, settings: { apiKey: apiKey ?? '', baseUrl, accountId: read('ACCOUNT_ID'), ai } }];
}

/** The deployment's AI binding, by the name that docs/cloudflare-ai.md gives it. */
function aiBindingOf(env: object): AiBinding | null {
  const binding: unknown = Reflect.get(env, 'AI');
  return isAiBinding(binding) ? binding : null;
}

function isAiBinding(binding: unknown): binding is AiBinding {
  return typeof binding === 'object' && binding !== null && 'run' in binding && typeof binding.run === 'function';
}

function checkNames(wanted: readonly string[], entries: readonly ProviderEntry[]): void {
  const known = [...entries.map(({ id }) => id), 'sandbox'];
  const unknown = wanted.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  throw new ConfigError(`PROVIDERS names "${unknown}", which does not exist. It takes a list of ${known.join(', ')}.`);
}

function checkKeys(
  wanted: readonly string[],
  configured: readonly ConfiguredProvider[],
  entries: readonly ProviderEntry[],
): void {
  const missing = entries.find(({ id }) => wanted.includes(id) && !configured.some(({ entry }) => entry.id === id));
  if (missing === undefined) return;
  throw new ConfigError(`PROVIDERS names "${missing.id}", but ${missing.prefix}_API_KEY is not set.`);
}

import * as z from 'zod';
import { routes } from '../core/market';
import type { AiBinding, ProviderEntry, ProviderSettings } from '../core/provider';

/** What a setting counts, and between which ends. */
interface Range {
  readonly of: 'seconds' | 'milliseconds' | 'days' | 'micro-dollars' | 'requests';
  readonly least: number;
  readonly most: number;
}
const number = ({ of, least, most }: Range) => within({ least, most, expected: `must be a number of ${of}` });
const wholeNumber = ({ of, least, most }: Range) => {
  const expected = `must be a whole number of ${of}`;
  return within({ least, most, expected }).int(`${expected} from ${least} to ${most}`);
};
function within({ least, most, expected }: { least: number; most: number; expected: string }) {
  const refusal = `${expected} from ${least} to ${most}`;
  return z.coerce.number(refusal).min(least, refusal).max(most, refusal);
}

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
  /** The secret before this one, while it is changed: what it signed and sealed is still good. */
  SIGNING_SECRET_PREVIOUS: z.string().min(16, 'needs at least 16 characters').optional(),
  /** Makes its bearer an administrator; without it, keys with the scope admin are. */
  ADMIN_TOKEN: z
    .string()
    .min(32, 'needs at least 32 characters')
    .regex(/^[\x21-\x7e]*$/, 'must be printable ASCII without spaces')
    .optional(),
  DEV_API_KEY: z.string().startsWith('fg_', 'must begin with fg_').optional(),
  WAIT_SECONDS: number({ of: 'seconds', least: 0, most: 600 }).default(110),
  RENDER_DEADLINE_SECONDS: number({ of: 'seconds', least: 0, most: 86_400 }).default(900),
  SANDBOX_LATENCY_MS: number({ of: 'milliseconds', least: 0, most: 600_000 }).default(1_500),
  /** The account that requests without a key spend from, and what each client may of it in a UTC day and a minute. */
  ANONYMOUS_ACCOUNT: z.string().default(''),
  ANONYMOUS_DAY_MICROS: wholeNumber({ of: 'micro-dollars', least: 0, most: 1e15 }).default(100_000),
  ANONYMOUS_REQUESTS_PER_MINUTE: wholeNumber({ of: 'requests', least: 1, most: 1_000_000 }).default(10),
  LOG_REQUESTS: z.enum(['all', 'errors', 'none'], 'must be all, errors or none').default('all'),
  /** How long the URLs of private pictures work. */
  PRIVATE_URL_SECONDS: wholeNumber({ of: 'seconds', least: 60, most: 7 * 86_400 }).default(86_400),
  /** Pictures that are older, and not pinned, are deleted; 0 keeps all for ever. */
  PICTURE_RETENTION_DAYS: wholeNumber({ of: 'days', least: 0, most: 36_500 }).default(0),
  /** Purchases and audit entries that are older are deleted (the sums of their days stay); 0 keeps all for ever. */
  RETENTION_DAYS: wholeNumber({ of: 'days', least: 0, most: 36_500 }).default(400),
  /** Origins that references and webhooks may reach although they are not public. */
  TRUSTED_ORIGINS: list.refine(
    (origins) => origins.every(isOrigin),
    'must be origins such as http://127.0.0.1:9000, separated by commas',
  ),
  /** Fingerprints of stored pictures for the model's page, in order. */
  FEATURED_PICTURES: list.refine(
    (fingerprints) => fingerprints.every((text) => /^[0-9a-f]{64}$/.test(text)),
    'must be fingerprints of pictures, separated by commas',
  ),
  /** Whether the model's page shows what was made here, all accounts together. */
  PUBLIC_FIGURES: z.enum(['on', 'off'], 'must be on or off').default('off'),
  /** Ids of the providers to use, in order; empty: all that have a key. */
  PROVIDERS: list,
  ROUTE: z.enum(routes, `must be one of ${routes.join(', ')}`).default('order'),
  /** What is kept of a top-up that names no fee of its own. */
  TOP_UP_FEE_PERCENT: within({ expected: 'must be a percentage', least: 0, most: 100 }).default(0),
  /** Whether a render without a picture that cost money is given back to its account. */
  REFUND_FAILED: z.enum(['on', 'off'], 'must be on or off').default('on'),
  /** What a hit or a join costs its account, in micro-dollars. */
  HIT_PRICE_MICROS: wholeNumber({ of: 'micro-dollars', least: 0, most: 1e9 }).default(0),
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
    throw new ConfigError(`The service is not configured: ${[...new Set(issues)].join('; ')}.`);
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

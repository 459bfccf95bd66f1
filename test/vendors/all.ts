import { aigateway } from './aigateway.ts';
import { bfl } from './bfl.ts';
import { cloudflareAi, cloudflareAiAccount } from './cloudflare-ai.ts';
import { cometapi } from './cometapi.ts';
import { fal } from './fal.ts';
import { hinow } from './hinow.ts';
import { onemin } from './onemin.ts';
import { oxen } from './oxen.ts';
import { replicate } from './replicate.ts';
import type { Simulator } from './simulator.ts';

/** Every simulated vendor: one for each entry of the registry of providers, in its order. */
export const simulators: readonly Simulator[] = [
  bfl,
  cloudflareAi,
  replicate,
  fal,
  cometapi,
  oxen,
  hinow,
  aigateway,
  onemin,
];

/** What the service finds in its environment, to buy from a simulator at `url`. */
export function settingsFor({ id, prefix, key }: Simulator, url: string): Readonly<Record<string, string>> {
  return {
    [`${prefix}_API_KEY`]: key,
    [`${prefix}_BASE_URL`]: url,
    ...(id === cloudflareAi.id ? { [`${prefix}_ACCOUNT_ID`]: cloudflareAiAccount } : {}),
  };
}

import type { ProviderEntry } from '../core/provider';
import { aigatewayEntry } from './aigateway';
import { bflEntry } from './bfl';
import { cloudflareAiEntry } from './cloudflare-ai';
import { cometapiEntry } from './cometapi';
import { falEntry } from './fal';
import { hinowEntry } from './hinow';
import { oneminEntry } from './onemin';
import { oxenEntry } from './oxen';
import { replicateEntry } from './replicate';

/** Every API that we can buy from, in the order in which they are asked where the operator names none. */
export const providerEntries: readonly ProviderEntry[] = [
  bflEntry,
  cloudflareAiEntry,
  replicateEntry,
  falEntry,
  cometapiEntry,
  oxenEntry,
  hinowEntry,
  aigatewayEntry,
  oneminEntry,
];

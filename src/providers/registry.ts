import type { ProviderEntry } from '../core/provider';
import { bflEntry } from './bfl';
import { cometapiEntry } from './cometapi';

/** Every API that we can buy from. A new one is its file and its line here. */
export const providerEntries: readonly ProviderEntry[] = [bflEntry, cometapiEntry];

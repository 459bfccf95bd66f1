import { dialects } from '../dialects/registry';
import { providerEntries } from '../providers/registry';
import { parameterTable } from './parameter-table';
import { providerTable } from './provider-table';

/** The documents that are made from the code, by their path. */
export function documents(): Readonly<Record<string, string>> {
  return {
    'docs/parameters.md': parameterTable(dialects),
    'docs/providers.md': providerTable(providerEntries),
  };
}

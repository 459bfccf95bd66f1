import type { Provider } from '../core/provider';
import { sandboxProvider } from './sandbox/sandbox';

export interface ProviderSettings {
  readonly sandboxLatencyMs: number;
}

/** The providers of this deployment, in the operator's order. The sandbox serves where no vendor key is set. */
export function createProviders(settings: ProviderSettings): readonly Provider[] {
  return [sandboxProvider({ latencyMs: settings.sandboxLatencyMs })];
}

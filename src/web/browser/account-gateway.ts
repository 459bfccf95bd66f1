import { type Admin, createAdmin } from '../../client/admin';
import { errorOfResponse } from '../../client/fluxgate-error';
import { createOwnAccount } from '../../client/own-account';
import type { Page } from '../../client/page';
import type { Account, ApiKey, Balance, Usage, UsageQuery } from '../../client/reports';
import type { ListedTask, TaskState, TasksQuery } from '../../client/task-state';
import { createTransport } from '../../client/transport';
import { type StoredRecipe, unreachable } from './gateway';

/** What an account has here, by the client that anybody may use. */
export type AccountGateway = ReturnType<typeof createAccountGateway>;

/** A provider as `GET /v1/providers` tells it. */
export interface ProviderState {
  readonly id: string;
  readonly name: string;
  readonly sandbox: boolean;
  readonly priceMicros: number;
  readonly concurrency: number | null;
  readonly inFlight: number;
  readonly circuit: 'open' | 'closed';
  readonly circuitUntil: string | null;
  readonly lastError: { readonly class: string; readonly at: string } | null;
  readonly medianLatencyMs: number | null;
}
/** A task with where its recipe is, which is signed for a private account. */
export type OwnTask = TaskState & { readonly urls: { readonly recipe: string | null } };
export type ListedOwnTask = ListedTask & { readonly outcome: string | null };

export function createAccountGateway(key: string) {
  const { read, send } = createTransport({ baseUrl: location.origin, key });
  const pin = (fingerprint: string, method: 'PUT' | 'DELETE') => send(`/v1/pins/${fingerprint}`, { method });
  return {
    account: () => read<Account & { readonly key: ApiKey }>('/v1/account'),
    balance: () => read<Balance>('/v1/balance'),
    usage: (query: UsageQuery) => read<Usage>('/v1/usage', { query }),
    usageCsv: (query: UsageQuery) => read<string>('/v1/usage', { query: { ...query, format: 'csv' } }),
    tasks: (query: TasksQuery) => read<Page<ListedOwnTask>>('/v1/tasks', { query }),
    task: (id: string) => read<OwnTask>(`/v1/tasks/${encodeURIComponent(id)}`),
    pins: (cursor: string | undefined) =>
      read<Page<{ readonly fingerprint: string }>>('/v1/pins', { query: { cursor } }),
    pin: (fingerprint: string) => pin(fingerprint, 'PUT'),
    unpin: (fingerprint: string) => pin(fingerprint, 'DELETE'),
    providers: () => read<Page<ProviderState>>('/v1/providers'),
    own: createOwnAccount({ baseUrl: location.origin, key }),
    admin: createAdmin({ baseUrl: location.origin, key }) as Admin,
  };
}

/**
 * How a stored picture was made, by the URL of its recipe. What the browser keeps of it does not count: the picture may
 * have been deleted since. @throws FluxgateError
 */
export async function recipeAt(url: string): Promise<StoredRecipe> {
  const response = await fetch(url, { cache: 'no-cache' }).catch(unreachable);
  if (!response.ok) throw await errorOfResponse(response);
  return await response.json();
}

export const publicRecipe = (fingerprint: string) => `${location.origin}/images/${fingerprint}.json`;

import type { TasksQuery } from '../../client/task-state';

export const statuses = ['ready', 'queued', 'rendering', 'failed', 'cancelled'] as const;

/** What is looked for, as it stands in the page's address. Empty: whatever it is. */
export interface GalleryFilter {
  readonly status: string;
  readonly provider: string;
  readonly dialect: string;
  /** UTC days. */
  readonly from: string;
  readonly to: string;
  /** A fingerprint, or its beginning. */
  readonly fingerprint: string;
}

const names = ['status', 'provider', 'dialect', 'from', 'to', 'fingerprint'] as const;
const accepted: Readonly<Record<(typeof names)[number], RegExp>> = {
  status: new RegExp(`^(${statuses.join('|')})$`),
  provider: /^[a-z0-9-]{1,40}$/,
  dialect: /^[a-z0-9-]{1,40}$/,
  from: /^\d{4}-\d\d-\d\d$/,
  to: /^\d{4}-\d\d-\d\d$/,
  fingerprint: /^[0-9a-f]{1,64}$/,
};

/** The filter that a fragment describes; what makes no sense in it is left out. */
export function filterOf(fragment: string): GalleryFilter {
  const query = new URLSearchParams(fragment.replace(/^#/, ''));
  const read = names.map((name) => {
    const value = query.get(name)?.trim().toLowerCase() ?? '';
    return [name, accepted[name].test(value) ? value : ''];
  });
  return Object.fromEntries(read) as GalleryFilter;
}

export function fragmentOfFilter(filter: GalleryFilter): string {
  const query = new URLSearchParams(names.filter((name) => filter[name] !== '').map((name) => [name, filter[name]]));
  return query.size === 0 ? '' : `#${query}`;
}

export const isFiltered = (filter: GalleryFilter) => names.some((name) => filter[name] !== '');

/** What of it the service looks for: it knows whole fingerprints. */
export function queryOf({ status, provider, dialect, from, to, fingerprint }: GalleryFilter): TasksQuery {
  const query = { status, provider, dialect, from, to, fingerprint: fingerprint.length === 64 ? fingerprint : '' };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
}

import type { Upload, WireFile } from '../core/dialect';
import { Fault } from '../core/fault';
import type { StoredUpload } from '../storage/reference-store';
import type { Ports } from './ports';

const extensions: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
};

/** What may be promised: clients that do not know a file's type say so, and its bytes decide when they come. */
const promised: ReadonlyMap<string, string> = new Map([
  ...Object.entries(extensions),
  ['application/octet-stream', 'bin'],
]);
/** Ids as we give them out: a longer one is no key that the store has a place for. */
const uploadName = /^([\w-]{16,80})(?:\.\w+)?$/;

/** Takes an upload in, under the id that its ticket promised or under its own digest. */
export async function takeUpload(
  ports: Ports,
  origin: string,
  { file, ticket, field = 'file' }: { file: WireFile; ticket: string | null; field?: string },
): Promise<Upload> {
  const id = ticket === null ? null : await ports.uploads.redeem(ticket);
  if (ticket !== null && id === null) throw new Fault('forbidden', 'This upload URL is not one of ours.');
  return uploadOf(origin, await ports.uploads.put({ ...file, field }, id));
}

/** Promises a place: the URL where the picture will be, and the ticket to put it there. */
export async function promiseUpload(
  ports: Ports,
  origin: string,
  contentType: string,
): Promise<{ url: string; ticket: string }> {
  const extension = promised.get(contentType.split(';')[0]?.trim().toLowerCase() ?? '');
  if (extension === undefined) {
    throw Fault.ofField('content_type', `expected one of ${[...promised.keys()].join(', ')}.`);
  }
  const { id, ticket } = await ports.uploads.promise();
  return { url: `${origin}/uploads/${id}.${extension}`, ticket };
}

/** @throws Fault `not_found` when there is no such upload. */
export async function findUpload(ports: Ports, origin: string, name: string): Promise<Upload> {
  const id = uploadName.exec(name)?.[1];
  const stored = id === undefined ? null : await ports.uploads.find(id);
  if (stored === null) throw new Fault('not_found', 'There is no such upload.');
  return uploadOf(origin, stored);
}

function uploadOf(origin: string, stored: StoredUpload): Upload {
  const id = `${stored.id}.${extensions[stored.contentType] ?? 'png'}`;
  return { ...stored, id, url: `${origin}/uploads/${id}` };
}

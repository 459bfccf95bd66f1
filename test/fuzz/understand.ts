import { canonicalise } from '../../src/core/canonicalise';
import type { CreateOperation, WireRequest } from '../../src/core/dialect';
import { Fault } from '../../src/core/fault';
import { fingerprint, sha256Hex } from '../../src/core/fingerprint';
import type { ImageRequest, Reference } from '../../src/core/image-request';
import type { Order, ReferenceSource } from '../../src/core/order';
import { readBody } from '../../src/http/read-body';
import { origin } from '../support/front-door';
import { noteDrawn, type WireCase } from './wire-case';

/** A request as it was understood, or the fault that it was refused with. */
export type Understood =
  | {
      readonly kind: 'order';
      readonly wire: WireRequest;
      readonly order: Order;
      readonly request: ImageRequest;
      readonly print: string;
    }
  | { readonly kind: 'fault'; readonly fault: Fault };

/**
 * Reads a request as the service does up to its fingerprint, and touches nothing outside. A reference is what its text
 * says it is.
 * @throws whatever is not a Fault of the caller's: that is what is looked for.
 */
export async function understand(operation: CreateOperation, one: WireCase): Promise<Understood> {
  noteDrawn(one);
  try {
    const wire = await wireOf(operation, one);
    const order = operation.decode(wire);
    const references = await Promise.all(order.picture.references.slice(0, 10).map(admitted));
    const seed = order.picture.seed ?? 0;
    const request = canonicalise(order.picture, { namespace: 'public', references, seed });
    return { kind: 'order', wire, order, request, print: await fingerprint(request) };
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.status < 500) return { kind: 'fault', fault: thrown };
    throw thrown;
  }
}

async function wireOf(operation: CreateOperation, { method, path, headers, body }: WireCase): Promise<WireRequest> {
  const url = new URL(origin + path);
  const request = new Request(url, { method, headers: headers.map(([name, value]) => [name, value]), body });
  return {
    method,
    origin,
    path: url.pathname,
    params: { owner: 'black-forest-labs', name: 'flux-2-flex' },
    query: url.searchParams,
    headers: request.headers,
    body: await readBody(request, operation.accepts, operation.takesUntypedJson ?? false),
  };
}

const digests = new Map<string, string>();

async function admitted(source: ReferenceSource): Promise<Reference> {
  const key = source.kind === 'bytes' ? source.bytes.toBase64() : source.kind === 'url' ? source.url : source.base64;
  const text = key.slice(key.startsWith('data:') ? key.indexOf(',') + 1 : 0);
  const sha256 = digests.get(text) ?? (await sha256Hex(Uint8Array.from(new TextEncoder().encode(text))));
  if (text.length < 1_000) digests.set(text, sha256);
  return { sha256, contentType: 'image/png', width: 640, height: 480, sizeBytes: Math.max(1, text.length) };
}

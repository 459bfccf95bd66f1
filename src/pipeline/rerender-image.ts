import { Fault } from '../core/fault';
import type { ImageRequest, Reference } from '../core/image-request';
import type { Order, ReferenceSource } from '../core/order';
import type { Recipe } from '../storage/recipe';
import { createImages } from './create-images';
import type { Caller, Ports } from './ports';

/** A picture that was made a second time. */
export interface Rerendered {
  readonly task: string;
  /** SHA-256 of the master's bytes. */
  readonly sha256: string;
}

/**
 * Makes a stored picture again, from its recipe, as an order of `caller`. It is handed out as it is until the new one
 * takes its place, and stays as it is when that fails. Where the new picture is another one, the old files stay aside.
 * @throws Fault as {@link createImages} does, and of the render.
 */
export async function rerenderImage(
  ports: Ports,
  caller: Caller,
  { fingerprint, request, facts }: Recipe,
  referenceBytes: (reference: Reference) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Rerendered> {
  const order = await orderOf(request, referenceBytes);
  const owner = { ...caller, account: { ...caller.account, namespace: request.namespace } };
  const [task] = await createImages(replacing(ports, facts.sha256), owner, order);
  if (task?.fault) throw task.fault;
  const made = await ports.pictures.facts(fingerprint);
  if (task === undefined || made === null) throw new Fault('provider_failed', 'The picture was not made again.');
  return { task: task.id, sha256: made.sha256 };
}

/** Ports for which a picture is not stored, and is to take the place of the one that is. */
function replacing(ports: Ports, replaces: string): Ports {
  const { pictures, renders } = ports;
  return {
    ...ports,
    pictures: { ...pictures, facts: async () => null },
    renders: { ...renders, join: (request) => renders.join({ ...request, replaces }) },
  };
}

async function orderOf(
  request: ImageRequest,
  referenceBytes: (reference: Reference) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Order> {
  const references = request.references.map(async (reference, index): Promise<ReferenceSource> => {
    return { kind: 'bytes', bytes: await referenceBytes(reference), field: ['references', index] };
  });
  const { prompt, width, height, steps, guidance, seed, promptUpsampling, safetyTolerance } = request;
  return {
    picture: {
      ...{ prompt, steps, guidance, seed, promptUpsampling, safetyTolerance },
      references: await Promise.all(references),
      size: { kind: 'pixels', width, height },
    },
    count: 1,
    format: 'png',
    quality: null,
    mode: 'wait',
    waitSeconds: null,
    answersWith: 'picture',
    wantsBytes: false,
    webhook: null,
    notes: [],
  };
}

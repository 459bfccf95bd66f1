import { Fault } from '../core/fault';
import type { Reference } from '../core/image-request';
import type { Order, ReferenceSource } from '../core/order';
import { longestClaimMs } from '../storage/picture-claims';
import type { PictureFiles } from '../storage/picture-files';
import type { Recipe } from '../storage/recipe';
import { createImages } from './create-images';
import type { Caller, Pictures, Ports } from './ports';
import { claimedAlready } from './while-claimed';

/** A picture that was made a second time. */
export interface Rerendered {
  readonly task: string;
  /** SHA-256 of the master's bytes. */
  readonly sha256: string;
}

export interface RerenderParts {
  readonly files: PictureFiles;
  readonly referenceBytes: (reference: Reference) => Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * The recipe of a stored picture. One that was set aside by a rerender which never ended comes back first.
 * @throws Fault `not_found`, or `conflict` while it is being made again.
 */
export async function recipeToRerender(
  ports: Pick<Ports, 'now'> & { readonly pictures: Pick<Pictures, 'recipe'> },
  files: PictureFiles,
  fingerprint: string,
): Promise<Recipe> {
  const recipe = await ports.pictures.recipe(fingerprint);
  if (recipe !== null) return recipe;
  const aside = await files.lastAside(fingerprint);
  if (aside === null) throw new Fault('not_found', 'There is no such picture.');
  if (ports.now() - aside.since < longestClaimMs) throw claimedAlready();
  await files.putBack(fingerprint, aside.sha256);
  const restored = await ports.pictures.recipe(fingerprint);
  if (restored === null) throw new Fault('not_found', 'There is no such picture.');
  return restored;
}

/**
 * Makes a stored picture again, from its recipe, as an order of `caller`. Its files are set aside meanwhile, and are back
 * when it fails. Where the new picture is another one, the old files stay aside.
 * @throws Fault as {@link createImages} does, and of the render.
 */
export async function rerenderImage(
  ports: Ports,
  caller: Caller,
  { fingerprint, request, facts }: Recipe,
  { files, referenceBytes }: RerenderParts,
): Promise<Rerendered> {
  const order = await orderOf({ fingerprint, request, facts }, referenceBytes);
  const owner = { ...caller, account: { ...caller.account, namespace: request.namespace } };
  await files.setAside(fingerprint, facts.sha256);
  try {
    const [task] = await createImages(ports, owner, order);
    const made = await ports.pictures.facts(fingerprint);
    if (task?.fault) throw task.fault;
    if (task === undefined || made === null) throw new Fault('provider_failed', 'The picture was not made again.');
    if (made.sha256 === facts.sha256) await files.dropAside(fingerprint, facts.sha256);
    return { task: task.id, sha256: made.sha256 };
  } catch (thrown) {
    await restore(ports, files, { fingerprint, sha256: facts.sha256, thrown });
    throw thrown;
  }
}

async function restore(
  ports: Ports,
  files: PictureFiles,
  { fingerprint, sha256, thrown }: { fingerprint: string; sha256: string; thrown: unknown },
): Promise<void> {
  if ((await ports.pictures.facts(fingerprint)) !== null) return;
  // A render that goes on may be storing its picture: what it stored stays, and nothing is thrown away.
  const goesOn = thrown instanceof Fault && thrown.code === 'wait_exceeded';
  if (!goesOn) await files.clear(fingerprint);
  await files.putBack(fingerprint, sha256);
  if (!goesOn) await files.dropAside(fingerprint, sha256);
}

async function orderOf(
  { request }: Recipe,
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

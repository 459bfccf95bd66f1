import { contentTypes, extensions, isWhole, type Rendition, renditionName } from '../core/rendition';
import type { Size } from '../core/size';
import { type PictureFacts, pictureFactsSchema, publicNamespace, type Recipe, recipeSchema } from './recipe';

export interface OpenOptions {
  readonly range?: R2Range;
  readonly ifNoneMatch?: string;
}

/** Who bought a picture this time, and before: for when the ledger is lost. */
export interface Buyers {
  readonly accountId: string;
  /** Who bought it first, and whether nobody else did since; absent where nobody knew. */
  readonly first?: { readonly accountId: string; readonly isOnly: boolean };
}

/**
 * Pictures in R2, each under its fingerprint: the master as the provider delivered it, renditions beside it, and the
 * recipe, which is written last: a picture is stored when its recipe is.
 */
export class PictureStore {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  /** The facts of a stored picture in one read, or null. */
  async facts(fingerprint: string): Promise<PictureFacts | null> {
    return factsOf(await this.#bucket.head(recipeKey(fingerprint)));
  }

  /** The whole recipe in one read, or null. */
  async recipe(fingerprint: string): Promise<Recipe | null> {
    const object = await this.#bucket.get(recipeKey(fingerprint));
    return object === null ? null : recipeSchema.parse(await object.json());
  }

  /** Opens the master. */
  async master(fingerprint: string): Promise<R2ObjectBody | null> {
    return await this.#bucket.get(masterKey(fingerprint));
  }

  /**
   * Opens a rendition in one read. The whole picture as PNG is the master itself where the master is one; an object
   * without a body means that the caller's copy is still good.
   */
  async open(
    fingerprint: string,
    rendition: Rendition,
    options: OpenOptions = {},
  ): Promise<R2Object | R2ObjectBody | null> {
    const key = renditionKey(fingerprint, rendition);
    const object = await this.#bucket.get(key, {
      ...(options.range === undefined ? {} : { range: options.range }),
      ...(options.ifNoneMatch === undefined ? {} : { onlyIf: new Headers({ 'if-none-match': options.ifNoneMatch }) }),
    });
    const isOtherFormat = object !== null && object.httpMetadata?.contentType !== contentTypes[rendition.format];
    return isOtherFormat ? null : object;
  }

  /** Stores the master unless there is one, and tells what is stored now. */
  async putMaster(fingerprint: string, bytes: Uint8Array<ArrayBuffer>, facts: PictureFacts): Promise<PictureFacts> {
    const written = await this.#bucket.put(masterKey(fingerprint), bytes, {
      onlyIf: { etagDoesNotMatch: '*' },
      ...masterOptions(facts),
    });
    if (written !== null) return facts;
    return (await this.masterFacts(fingerprint)) ?? facts;
  }

  /** Stores the master, whatever is there. */
  async replaceMaster(fingerprint: string, bytes: Uint8Array<ArrayBuffer>, facts: PictureFacts): Promise<void> {
    await this.#bucket.put(masterKey(fingerprint), bytes, masterOptions(facts));
  }

  /** The facts beside the master, whose recipe may be missing: then the picture is not stored yet. */
  async masterFacts(fingerprint: string): Promise<PictureFacts | null> {
    return factsOf(await this.#bucket.head(masterKey(fingerprint)));
  }

  /** `buyers` stand beside the recipe, which everybody may read. */
  async putRecipe(recipe: Recipe, buyers?: Buyers): Promise<void> {
    await this.#bucket.put(recipeKey(recipe.fingerprint), JSON.stringify(recipe), {
      httpMetadata: { contentType: 'application/json' },
      customMetadata: { ...metadataOf(recipe.facts), ...(buyers === undefined ? {} : metadataOfBuyers(buyers)) },
    });
  }

  /**
   * Stores a rendition unless there is one, so that every copy of it that was ever handed out is the same, and tells of
   * which master the one is that is stored now. The whole picture as PNG has no place besides its master's.
   */
  async putRendition(made: {
    readonly fingerprint: string;
    readonly rendition: Rendition;
    readonly bytes: Uint8Array<ArrayBuffer>;
    readonly facts: PictureFacts;
    /** The rendition's own. */
    readonly size: Size;
  }): Promise<PictureFacts> {
    const key = renditionKey(made.fingerprint, made.rendition);
    if (key === masterKey(made.fingerprint)) return made.facts;
    const written = await this.#bucket.put(key, made.bytes, {
      onlyIf: { etagDoesNotMatch: '*' },
      httpMetadata: { contentType: contentTypes[made.rendition.format] },
      customMetadata: metadataOf(made.facts, made.size),
    });
    if (written !== null) return made.facts;
    return factsOf(await this.#bucket.head(key)) ?? made.facts;
  }

  /** Removes a rendition whose master is gone. */
  async dropRendition(fingerprint: string, rendition: Rendition): Promise<void> {
    const key = renditionKey(fingerprint, rendition);
    if (key !== masterKey(fingerprint)) await this.#bucket.delete(key);
  }
}

/** The facts that stand beside any object of a picture. */
export function factsOf(object: R2Object | null): PictureFacts | null {
  const text = object?.customMetadata?.facts;
  return text === undefined ? null : readFacts(text);
}

const mostReadFacts = 1_000;
const readFactsBefore = new Map<string, PictureFacts>();

/** The same text is the same facts: those of a picture that is asked for over and over are taken apart once. */
function readFacts(text: string): PictureFacts {
  const known = readFactsBefore.get(text);
  if (known !== undefined) return known;
  const facts = pictureFactsSchema.parse(JSON.parse(text));
  if (readFactsBefore.size >= mostReadFacts) readFactsBefore.clear();
  readFactsBefore.set(text, facts);
  return facts;
}

const ownerSchema = pictureFactsSchema.pick({ namespace: true });

/** Whose picture an object is part of. For every hit: its facts are read only where they are all that there is. */
export function namespaceOf(object: R2Object): string {
  const namespace = object.customMetadata?.namespace;
  if (namespace !== undefined) return namespace;
  const text = object.customMetadata?.facts;
  return text === undefined ? publicNamespace : ownerSchema.parse(JSON.parse(text)).namespace;
}

function masterOptions(facts: PictureFacts): R2PutOptions {
  return {
    sha256: facts.sha256,
    httpMetadata: { contentType: facts.contentType },
    customMetadata: metadataOf(facts),
  };
}

/** What every hit needs stands apart from the facts, as the headers that it becomes: a hit parses nothing. */
function metadataOf(facts: PictureFacts, { width, height }: Size = facts): Record<string, string> {
  const { namespace, thumbhash, color, determinism } = facts;
  return {
    facts: JSON.stringify(facts),
    namespace,
    width: String(width),
    height: String(height),
    determinism,
    ...(thumbhash === undefined ? {} : { thumbhash }),
    ...(color === undefined ? {} : { color }),
  };
}

function metadataOfBuyers({ accountId, first }: Buyers): Record<string, string> {
  if (first === undefined) return { account: accountId };
  return { account: accountId, 'first-account': first.accountId, 'only-account': String(first.isOnly) };
}

/** Who bought the picture of a recipe; null: it is from before that was stored with one. */
export function buyersOf({ customMetadata }: R2Object): Buyers | null {
  const { account, 'first-account': first, 'only-account': only } = customMetadata ?? {};
  if (account === undefined) return null;
  if (first === undefined) return { accountId: account };
  return { accountId: account, first: { accountId: first, isOnly: only === 'true' } };
}

const traits = ['width', 'height', 'determinism', 'thumbhash', 'color'] as const;

/** What an object tells of itself in headers of ours. One from before there were traits has none. */
export function traitHeaders({ customMetadata = {} }: R2Object): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const trait of traits) {
    const value = customMetadata[trait];
    if (value !== undefined) headers[`x-fluxgate-${trait}`] = value;
  }
  return headers;
}

export const masterKey = (fingerprint: string) => `pictures/${fingerprint}/master`;
export const recipeKey = (fingerprint: string) => `pictures/${fingerprint}/recipe.json`;

function renditionKey(fingerprint: string, rendition: Rendition): string {
  if (rendition.format === 'png' && isWhole(rendition)) return masterKey(fingerprint);
  return `pictures/${fingerprint}/${renditionName(rendition)}.${extensions[rendition.format]}`;
}

/** What was removed from the store. */
export interface Removed {
  readonly objects: number;
  readonly bytes: number;
}

/** Being the one who makes a picture again. */
export interface Claim {
  /** Lets others do so. Does nothing where the claim was taken over. */
  release(): Promise<void>;
}

const pageLength = 500;
/** As long as nobody can tell a rerender that was cut off from one that goes on. */
export const mostRerenderMs = 20 * 60_000;

/**
 * The files of a picture as files: to remove them, or to set them aside while the picture is made again. A picture is
 * stored when its recipe is, so the recipe goes first and comes back last.
 */
export class PictureFiles {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  /** Removes every object of a picture, what was set aside included. Safe to repeat. */
  async remove(fingerprint: string): Promise<Removed> {
    return await this.#removeAll(await this.#objects(folderOf(fingerprint)), folderOf(fingerprint));
  }

  /** Claims a picture to make it again; null while somebody else does. A claim that was never let go ends by its age. */
  async claim(fingerprint: string, now: number): Promise<Claim | null> {
    const key = folderOf(fingerprint) + claimName;
    const customMetadata = { since: `${now}` };
    const held = await this.#bucket.head(key);
    if (held !== null && now - Number(held.customMetadata?.since) < mostRerenderMs) return null;
    const onlyIf = held === null ? { etagDoesNotMatch: '*' } : { etagMatches: held.etag };
    // Its etag is made of its bytes, so that no two claims may have the same.
    const claimed = await this.#bucket.put(key, crypto.randomUUID(), { onlyIf, customMetadata });
    if (claimed === null) return null;
    const release = async () => {
      const current = await this.#bucket.head(key);
      if (current?.etag === claimed.etag) await this.#bucket.delete(key);
    };
    return { release };
  }

  /** Copies a picture's files to a place that nothing reads, and removes them only then: at no moment is there no copy. */
  async setAside(fingerprint: string, sha256: string): Promise<void> {
    const folder = folderOf(fingerprint);
    for (const { key } of await this.#current(fingerprint))
      await this.#copy(key, asideOf(fingerprint, sha256) + key.slice(folder.length));
    await this.clear(fingerprint);
  }

  /** Removes a picture's files, but for what was set aside. */
  async clear(fingerprint: string): Promise<void> {
    await this.#removeAll(await this.#current(fingerprint), folderOf(fingerprint));
  }

  /** Copies back what was set aside. A file that is there already stays: it is of a picture that was made again. */
  async putBack(fingerprint: string, sha256: string): Promise<void> {
    const aside = asideOf(fingerprint, sha256);
    const objects = (await this.#objects(aside)).toSorted((a, b) => Number(isRecipe(a)) - Number(isRecipe(b)));
    for (const { key } of objects) await this.#copy(key, folderOf(fingerprint) + key.slice(aside.length));
  }

  /** The last picture that was set aside and is still there, as after a crash; null: there is none. */
  async lastAside(fingerprint: string): Promise<{ readonly sha256: string; readonly since: number } | null> {
    const prefix = folderOf(fingerprint) + asideName;
    const recipes = (await this.#objects(prefix)).filter(isRecipe);
    const last = recipes.toSorted((a, b) => a.uploaded.getTime() - b.uploaded.getTime()).at(-1);
    if (last === undefined) return null;
    return { sha256: last.key.slice(prefix.length, -recipeName.length - 1), since: last.uploaded.getTime() };
  }

  /** Forgets what was set aside. */
  async dropAside(fingerprint: string, sha256: string): Promise<void> {
    const aside = asideOf(fingerprint, sha256);
    await this.#removeAll(await this.#objects(aside), aside);
  }

  async #current(fingerprint: string): Promise<R2Object[]> {
    const folder = folderOf(fingerprint);
    return (await this.#objects(folder)).filter(({ key }) => !key.startsWith(folder + asideName));
  }

  async #objects(prefix: string): Promise<R2Object[]> {
    const found: R2Object[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#bucket.list({ prefix, limit: pageLength, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.objects);
      cursor = page.truncated ? page.cursor : undefined;
    } while (cursor !== undefined);
    return found;
  }

  async #removeAll(objects: readonly R2Object[], folder: string): Promise<Removed> {
    await this.#bucket.delete(folder + recipeName);
    for (let start = 0; start < objects.length; start += pageLength)
      await this.#bucket.delete(objects.slice(start, start + pageLength).map(({ key }) => key));
    const counted = objects.filter(({ key }) => !key.endsWith(`/${claimName}`));
    return { objects: counted.length, bytes: counted.reduce((sum, { size }) => sum + size, 0) };
  }

  /** An object that is there already stays: it is newer. */
  async #copy(from: string, to: string): Promise<void> {
    const object = await this.#bucket.get(from);
    if (object === null) return;
    await this.#bucket.put(to, await object.arrayBuffer(), {
      onlyIf: { etagDoesNotMatch: '*' },
      ...(object.httpMetadata === undefined ? {} : { httpMetadata: object.httpMetadata }),
      ...(object.customMetadata === undefined ? {} : { customMetadata: object.customMetadata }),
    });
  }
}

const recipeName = 'recipe.json';
const asideName = 'replaced/';
const claimName = `${asideName}claim`;
const folderOf = (fingerprint: string) => `pictures/${fingerprint}/`;
const asideOf = (fingerprint: string, sha256: string) => `${folderOf(fingerprint)}${asideName}${sha256}/`;
const isRecipe = ({ key }: R2Object) => key.endsWith(`/${recipeName}`);

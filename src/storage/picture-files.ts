/** What was removed from the store. */
export interface Removed {
  readonly objects: number;
  readonly bytes: number;
}

const pageLength = 500;

/**
 * The files of a picture as files: to remove them, or to set them aside while the picture is made again; each while the
 * picture is claimed for it. A picture is stored when its recipe is, so the recipe goes first and comes back last.
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

  async hasAny(fingerprint: string): Promise<boolean> {
    return (await this.#bucket.list({ prefix: folderOf(fingerprint), limit: 1 })).objects.length > 0;
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
    // In one step, and never again: whoever finds no recipe has the picture made, and stores both anew.
    const picture = [recipeName, masterName].map((name) => folder + name);
    await this.#bucket.delete(picture);
    const others = objects.map(({ key }) => key).filter((key) => !picture.includes(key));
    for (let start = 0; start < others.length; start += pageLength)
      await this.#bucket.delete(others.slice(start, start + pageLength));
    return { objects: objects.length, bytes: objects.reduce((sum, { size }) => sum + size, 0) };
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
const masterName = 'master';
const asideName = 'replaced/';
const folderOf = (fingerprint: string) => `pictures/${fingerprint}/`;
const asideOf = (fingerprint: string, sha256: string) => `${folderOf(fingerprint)}${asideName}${sha256}/`;
const isRecipe = ({ key }: R2Object) => key.endsWith(`/${recipeName}`);

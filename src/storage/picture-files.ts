import { factsOf } from './picture-store';

/** What was removed from the store. */
export interface Removed {
  readonly objects: number;
  readonly bytes: number;
}

const pageLength = 500;

/**
 * The files of a picture as files: to remove them, or to keep them aside where the picture was made again and is another
 * one; each while the picture is claimed for it.
 */
export class PictureFiles {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  /** Removes every object of a picture, what was set aside included. Safe to repeat. */
  async remove(fingerprint: string): Promise<Removed> {
    const folder = folderOf(fingerprint);
    const picture = [recipeName, masterName].map((name) => folder + name);
    const isOther = ({ key }: R2Object) => !picture.includes(key);
    const before = await this.#objects(folder);
    // In one step, and never again: whoever finds no recipe has the picture made, and stores both anew.
    await this.#bucket.delete(picture);
    // Looked for only now: who stores a rendition later finds no master any more, and removes it again.
    const others = (await this.#objects(folder)).filter(isOther);
    await this.#delete(others);
    const objects = [...before.filter((object) => !isOther(object)), ...others];
    return { objects: objects.length, bytes: objects.reduce((sum, { size }) => sum + size, 0) };
  }

  async hasAny(fingerprint: string): Promise<boolean> {
    return (await this.#bucket.list({ prefix: folderOf(fingerprint), limit: 1 })).objects.length > 0;
  }

  /** Copies a picture's files to a place that nothing reads. What is there already stays. */
  async keepAside(fingerprint: string, sha256: string): Promise<void> {
    const folder = folderOf(fingerprint);
    for (const { key } of await this.#current(fingerprint))
      await this.#copy(key, asideOf(fingerprint, sha256) + key.slice(folder.length));
  }

  /** Removes what was made of the master: whoever asks for it next has it made anew. */
  async clearRenditions(fingerprint: string): Promise<void> {
    const picture = [recipeName, masterName].map((name) => folderOf(fingerprint) + name);
    await this.#delete((await this.#current(fingerprint)).filter(({ key }) => !picture.includes(key)));
  }

  /** Removes what was made of another master than the one that stands, told by its SHA-256; null: none does. */
  async clearStrays(fingerprint: string, standing: string | null): Promise<number> {
    const picture = [recipeName, masterName].map((name) => folderOf(fingerprint) + name);
    const strays = (await this.#current(fingerprint)).filter(
      (object) => !picture.includes(object.key) && factsOf(object)?.sha256 !== standing,
    );
    await this.#delete(strays);
    return strays.length;
  }

  async #current(fingerprint: string): Promise<R2Object[]> {
    const folder = folderOf(fingerprint);
    return (await this.#objects(folder)).filter(({ key }) => !key.startsWith(folder + asideName));
  }

  async #objects(prefix: string): Promise<R2Object[]> {
    const found: R2Object[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#bucket.list({
        ...{ prefix, limit: pageLength, include: ['customMetadata'] },
        ...(cursor === undefined ? {} : { cursor }),
      });
      found.push(...page.objects);
      cursor = page.truncated ? page.cursor : undefined;
    } while (cursor !== undefined);
    return found;
  }

  async #delete(objects: readonly R2Object[]): Promise<void> {
    for (let start = 0; start < objects.length; start += pageLength)
      await this.#bucket.delete(objects.slice(start, start + pageLength).map(({ key }) => key));
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

/** Headers whose values are nobody's business but the sender's. */
const secretHeaders = ['authorization', 'x-key', 'api-key', 'x-provider-key', 'cf-connecting-ip'];
/** Fields of any dialect's body, form or query that hold a prompt. */
const promptFields = /^(?:prompt|negative_prompt|content|text|system)$/i;
/** Fields that hold what only its owner may know, such as `webhook_secret`, or a vendor's `key`. */
const secretFields = /^(?:key|token|(?:\w+_)?secret)$/i;
const formField = /name="(\w+)"[^\r\n]*\r\n(?:[\w-]+:[^\r\n]*\r\n)*\r\n([^\r\n]+)/g;
/** Longer than any id of ours; its head is the format's, which the patterns know. */
const inlinePicture = /^(?:data:[\w/+.-]*;base64,)?[\w+/-]{200,}={0,2}$/;

/** Shorter ones stand in other text by chance: `A fox` in a pattern, `64x64` in a size. */
const shortest = 8;
/** What is looked for of each: a log that cuts a prompt short has leaked it too. */
const lookedFor = 24;
const longestBody = 200_000;
const mostUnread = 5_000;
const deepest = 12;
/** Of prompts, so that hours of random ones have room: the log is read long before so many more were sent. */
const mostRemembered = 200_000;

/** What no log may hold, whatever was sent. */
const patterns: Readonly<Record<string, RegExp>> = {
  'an API key': /\bfg_\w{3,}/,
  'an Authorization value': /\b(?:Bearer|Token|Key) [\w.~+/-]{8,}/,
  'a webhook secret': /\bwhsec_\w{3,}/,
  'the query of a signed URL': /[?&](?:signature|s|expires)=/,
  'the bytes of a picture': /iVBORw0KGgo|\/9j\/4AAQ|UklGR[\w+/]{10}|R0lGODlh|[\uFFFD\x89]PNG\r/,
};

type Kind = 'a prompt' | 'a secret that was sent or set' | 'the bytes of a picture';
/** By their first characters, so that a text is read once, however much was sent. */
type Index = Map<string, Map<string, Kind>>;

/** What tests sent that no log may hold, and whether a text holds any of it: as it is, in JSON, or percent-encoded. */
export class SentTexts {
  #recent: Index = new Map();
  #earlier: Index = new Map();
  readonly #secrets: Index = new Map();
  readonly #bodies: string[] = [];
  #count = 0;

  /** Remembers what a request carries. A text is read later: a test may look at the clock. */
  note(headers: Iterable<readonly [string, string]>, body: unknown, url = ''): void {
    for (const [name, value] of headers) if (secretHeaders.includes(name.toLowerCase())) this.noteSecret(value);
    if (url.includes('?')) for (const [name, value] of new URL(url, 'http://x').searchParams) this.#read(name, value);
    if (typeof body === 'string' && body.length < longestBody) this.#bodies.push(body);
    if (this.#bodies.length >= mostUnread) this.#readBodies();
    if (body instanceof FormData) for (const [name, value] of body) this.#read(name, value);
  }

  notePrompt(text: string): void {
    this.#add(this.#recent, text, 'a prompt');
  }

  noteSecret(value: string): void {
    this.#add(this.#secrets, value.replace(/^(?:Bearer|Token|Key)\s+/i, ''), 'a secret that was sent or set');
  }

  /** What a text holds that no log may, by its kind. */
  kindsIn(text: string): readonly string[] {
    this.#readBodies();
    const kinds = new Set(Object.entries(patterns).flatMap(([kind, pattern]) => (pattern.test(text) ? [kind] : [])));
    const indexes = [this.#recent, this.#earlier, this.#secrets].filter(({ size }) => size > 0);
    for (let start = 0; start + shortest <= text.length; start += 1) {
      const head = text.slice(start, start + shortest);
      for (const index of indexes)
        for (const [form, kind] of index.get(head) ?? []) if (text.startsWith(form, start)) kinds.add(kind);
    }
    return [...kinds];
  }

  /** For another process: all that is remembered. */
  toJSON(): readonly (readonly [Kind, string])[] {
    this.#readBodies();
    const forms = [this.#recent, this.#earlier, this.#secrets].flatMap((index) => [...index.values()]);
    return forms.flatMap((tails) => [...tails].map(([form, kind]) => [kind, form] as const));
  }

  /** What another process remembered. */
  learn(texts: readonly (readonly [Kind, string])[]): void {
    for (const [kind, form] of texts) this.#addForm(kind === 'a prompt' ? this.#recent : this.#secrets, form, kind);
  }

  #readBodies(): void {
    for (const body of this.#bodies.splice(0)) {
      const value = parsed(body);
      if (value !== undefined) this.#walk('', value, 0);
      else for (const [, name = '', text = ''] of body.matchAll(formField)) this.#read(name, text);
    }
  }

  #walk(name: string, value: unknown, depth: number): void {
    if (typeof value === 'string') this.#read(name, value);
    if (typeof value !== 'object' || value === null || depth > deepest) return;
    for (const [key, member] of Object.entries(value)) {
      const isPart = promptFields.test(name) && !/^(?:type|role|url)$/.test(key);
      this.#walk(isPart ? name : key, member, depth + 1);
    }
  }

  /** A field of a body, a form or a query. */
  #read(name: string, value: unknown): void {
    if (typeof value !== 'string') return;
    if (promptFields.test(name)) this.notePrompt(value);
    else if (secretFields.test(name)) this.noteSecret(value);
    else if (inlinePicture.test(value))
      this.#add(this.#secrets, value.slice(value.indexOf(',') + 33), 'the bytes of a picture');
  }

  #add(index: Index, value: string, kind: Kind): void {
    const text = value.trim().toWellFormed();
    if (text.length < shortest) return;
    const start = text.slice(0, 2 * lookedFor);
    // Most are sent again and again; what is known of a text's beginning is known of its other forms.
    if (index.get(start.slice(0, shortest))?.has(start.slice(0, lookedFor))) return;
    const inJson = JSON.stringify(start).slice(1, -1);
    const inQuery = new URLSearchParams([['', start]]).toString().slice(1);
    const forms = [start, inJson, JSON.stringify(inJson).slice(1, -1), encodeURIComponent(start), inQuery];
    for (const form of new Set(forms)) this.#addForm(index, form, kind);
  }

  #addForm(index: Index, form: string, kind: Kind): void {
    const head = form.slice(0, shortest);
    const tails = index.get(head) ?? new Map<string, Kind>();
    if (tails.has(form.slice(0, lookedFor))) return;
    index.set(head, tails.set(form.slice(0, lookedFor), kind));
    this.#count += 1;
    if (this.#count < mostRemembered) return;
    [this.#earlier, this.#recent, this.#count] = [this.#recent, new Map(), 0];
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { type ShownPicture, tell } from './flux-image-events';
import { type Face, faceOf } from './flux-image-face';
import { nearView, orderInTurn, type PageOrder } from './flux-image-order';
import { attributes, type Plan, planOf } from './flux-image-plan';
import { FluxgateError } from './fluxgate-error';
import { pictureSrcset } from './picture-url';

type State = 'waiting' | 'queued' | 'rendering' | 'loading' | 'ready' | 'error';

/** What BFL makes where no size is named. */
const usualEdge = 1024;
/** Where pages are rendered on a server there are no elements: this is known there, and makes none. */
const PageElement = (globalThis.HTMLElement ?? Object) as typeof HTMLElement;

/**
 * A picture that has its place before it is there: see README.md, "On your site". It shows the `<img>` inside it, which
 * is all of it where there are no scripts, or makes one.
 */
export class FluxImage extends PageElement {
  static readonly observedAttributes = attributes;

  readonly #internals = this.attachInternals();
  readonly #face: Face = faceOf(this.attachShadow({ mode: 'open' }));
  #own: HTMLImageElement | null = null;
  #state: State = 'waiting';
  /** What is shown or on its way, to tell a change from a repetition. */
  #planned = '';
  #work = new AbortController();
  #isScheduled = false;

  connectedCallback(): void {
    this.#face.slot.onslotchange = () => this.#schedule();
    // Before its end tag is read, what is inside is not there yet.
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => this.#schedule());
    else this.#schedule();
  }

  disconnectedCallback(): void {
    this.#schedule();
  }

  attributeChangedCallback(): void {
    if (document.readyState !== 'loading') this.#schedule();
  }

  get state(): State {
    return this.#state;
  }

  /** Several changes at once are one; an element that only moves goes on. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      if (this.isConnected) this.#follow();
      else this.#stop();
    });
  }

  #stop(): void {
    this.#face.veil(false, false);
    this.#work.abort();
    this.#work = new AbortController();
    if (this.#state !== 'ready') this.#planned = '';
  }

  #follow(): void {
    const given = this.querySelector('img');
    const hasImage = given !== null && given !== this.#own;
    const image = given ?? this.#ownImage();
    const isThere = hasImage && isFilled(image);
    this.#dress(image);
    this.#face.frame(isThere ? image : null);
    const { origin: home } = new URL(import.meta.url);
    const plan = planOf((name) => this.getAttribute(name), { hasImage: isThere, home });
    const planned = JSON.stringify(plan);
    if (planned === this.#planned) return;
    this.#stop();
    this.#planned = planned;
    this.#begin(plan, image);
  }

  #begin(plan: Plan, image: HTMLImageElement): void {
    this.#face.say(null);
    this.#face.progress(null);
    switch (plan.from) {
      case 'unclear':
        this.#fail({ code: 'invalid_request', message: plan.message, isRetryable: false });
        return;
      case 'order':
        this.#order(plan, image).catch(() => undefined);
        return;
      case 'url':
        if (image.getAttribute('src') !== plan.src) fill(image, plan.src, plan.srcset);
    }
    this.#watch(image, {});
  }

  /** Orders the picture and follows its making. A change or the element's end stops that, and says nothing. */
  async #order(order: PageOrder, image: HTMLImageElement): Promise<void> {
    const { signal } = this.#work;
    this.#enter('waiting');
    if (this.getAttribute('loading') !== 'eager') await nearView(this, signal);
    this.#enter('queued');
    tell(this, 'flux-queued', { prompt: String(order.order.prompt) });
    try {
      const onProgress = ({ status, progress }: { status: string; progress: number }) => {
        if (status !== 'rendering' || signal.aborted) return;
        this.#enter('rendering');
        this.#face.progress(progress);
        tell(this, 'flux-rendering', { progress });
      };
      const picture = await orderInTurn(order, { signal, onProgress });
      signal.throwIfAborted();
      const { url, width, height, fingerprint, seed, thumbhash, color } = picture;
      this.#face.blur(thumbhash, color);
      fill(image, url, pictureSrcset(picture));
      this.#watch(image, { width, height, fingerprint, seed });
    } catch (thrown) {
      if (!signal.aborted) this.#fail(thrown instanceof FluxgateError ? thrown : unexpected);
    }
  }

  /** Waits for the browser to have the picture. */
  #watch(image: HTMLImageElement, facts: Partial<ShownPicture>): void {
    const { signal } = this.#work;
    const ready = () => {
      this.#face.progress(null);
      this.#face.veil(false, true);
      this.#enter('ready');
      tell(this, 'flux-ready', { src: image.currentSrc, fingerprint: null, seed: null, ...sizeOf(image), ...facts });
    };
    const failed = () => {
      this.#fail({ code: 'not_loaded', message: 'The picture could not be loaded.', isRetryable: true });
    };
    // The one that a page is waiting for is shown as it comes in.
    const isFirst = image.loading === 'eager' || image.fetchPriority === 'high';
    if (image.complete && image.currentSrc !== '') {
      if (image.naturalWidth > 0) ready();
      else failed();
      return;
    }
    this.#enter('loading');
    this.#face.veil(!isFirst, !isFirst);
    image.addEventListener('load', ready, { once: true, signal });
    image.addEventListener('error', failed, { once: true, signal });
  }

  #fail({ code, message, isRetryable }: { code: string; message: string; isRetryable: boolean }): void {
    this.#face.progress(null);
    this.#face.veil(true, false);
    this.#enter('error');
    // One that is broken keeps no place.
    this.#face.frame(null);
    this.#face.say(
      isKeyAtFault.test(code) ? 'The picture could not be shown here.' : message,
      isRetryable ? () => this.#retry() : null,
    );
    tell(this, 'flux-error', { code, message, isRetryable });
  }

  #retry(): void {
    // The button goes, and with it the place of whoever came to it by keyboard.
    if (!this.hasAttribute('tabindex')) this.tabIndex = -1;
    this.focus();
    const image = this.querySelector('img');
    if (image?.hasAttribute('src')) fill(image, image.src, image.getAttribute('srcset'));
    this.#planned = '';
    this.#schedule();
  }

  /** The `<img>` speaks for itself, and says that it is not done. */
  #enter(state: State): void {
    this.#internals.states?.delete(this.#state);
    this.#internals.states?.add(state);
    this.#state = state;
    const isBusy = state !== 'ready' && state !== 'error';
    this.querySelector('img')?.setAttribute('aria-busy', String(isBusy));
  }

  /** What changes nothing about which picture it is. */
  #dress(image: HTMLImageElement): void {
    const number = (name: 'width' | 'height') =>
      Number(this.getAttribute(name) ?? image.getAttribute(name)) || usualEdge;
    this.#face.shape(number('width'), number('height'));
    this.#face.blur(this.getAttribute('thumbhash'), this.getAttribute('color'));
    const alt = this.getAttribute('alt');
    if (alt !== null) image.alt = alt;
    for (const name of ['loading', 'sizes', 'fetchpriority', 'width', 'height']) {
      const value = this.getAttribute(name);
      if (value !== null && image.getAttribute(name) !== value) image.setAttribute(name, value);
    }
  }

  #ownImage(): HTMLImageElement {
    const image = document.createElement('img');
    image.loading = 'lazy';
    image.sizes = 'auto, 100vw';
    image.alt = '';
    this.#own = image;
    this.append(image);
    return image;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'flux-image': FluxImage;
  }
}

const unexpected = { code: 'internal', message: 'The picture could not be made.', isRetryable: true };

/** What the service says of keys is for the page's author, who has it by the event. */
const isKeyAtFault = /^unau|^forb/;

const isFilled = (image: HTMLImageElement) => image.hasAttribute('src') || image.hasAttribute('srcset');

/** Of several candidates a browser tells the size that they are laid out in: the widest is the picture. */
function sizeOf({ srcset, naturalWidth, naturalHeight }: HTMLImageElement): { width: number; height: number } {
  const width = Math.max(0, ...(srcset.match(/ \d+(?=w)/g) ?? []).map(Number)) || naturalWidth;
  return { width, height: Math.round((naturalHeight * width) / naturalWidth) };
}

/** The candidates first: a browser that has the one URL before it would fetch that too. */
function fill(image: HTMLImageElement, src: string, srcset: string | null): void {
  image.removeAttribute('src');
  if (srcset === null) image.removeAttribute('srcset');
  else image.srcset = srcset;
  image.src = src;
}

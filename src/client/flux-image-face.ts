import { thumbEdge, thumbPixels } from './thumb-hash';

/** Where it takes part in a page's own policy: no inline style, no markup from text, no data URL. */
const styles = `
:host{position:relative}
:host([hidden]){display:none}
canvas,.bar,.words{position:absolute;inset:0}
canvas{width:0}
:host(:state(ready)) canvas{visibility:hidden;transition:visibility 0s .4s}
.box{display:none}
::slotted(img){position:relative}
.bar{top:auto;height:3px;background:currentColor;transform-origin:0}
.words{display:grid;place-content:center;place-items:center;gap:1em;padding:1em;box-sizing:border-box;text-align:center;font:.875rem/1.4 system-ui;overflow:auto;background:Canvas;color:CanvasText}
.words:empty{display:none}
p{margin:0;max-width:36em}
button{font:inherit;padding:.5em 1em;border:1px solid;border-radius:99em;background:none;color:inherit;cursor:pointer}`;

/**
 * For a picture that has no place of its own in the page: as wide as it says where there is room, as an `<img>` is. A
 * width that the page gives, or the cell that it is in, counts more.
 */
const frameStyles = `
:host{display:inline-block;overflow:hidden}
.box{display:grid}
::slotted(img){display:block!important;position:absolute!important;inset:0!important;width:100%!important;height:100%!important;max-width:none!important;margin:0!important;object-fit:cover}`;

/** What stands around and before the picture. */
export interface Face {
  readonly slot: HTMLSlotElement;
  /**
   * Keeps the picture's place: around one that is in the page already, nothing moves when the script comes. null: the
   * place is the element's own.
   */
  frame(given: HTMLImageElement | null): void;
  /** How wide that is in CSS pixels, and how it is shaped, which is known before the picture is. */
  shape(width: number, height: number): void;
  /** A blur of the picture, or its colour. */
  blur(thumbhash: string | null, color: string | null): void;
  /** 0 to 1; null: nothing is being made. */
  progress(value: number | null): void;
  /** Hides the picture until it is there; `fades`: it comes up softly then. */
  veil(isVeiled: boolean, fades: boolean): void;
  /** Words over the picture, with a button where trying again may help; null: none. */
  say(message: string | null, retry?: (() => void) | null): void;
}

/** The same for all of a page, and made for the first of them: where there is no page there are no style sheets. */
let sheets: readonly CSSStyleSheet[] | undefined;

export function faceOf(root: ShadowRoot): Face {
  const [box, canvas, bar] = [element('div', 'box'), element('canvas', 'placeholder'), element('div', 'bar')];
  const [slot, words] = [element('slot', 'slot'), element('div', 'words')];
  for (const quiet of [canvas, bar]) quiet.ariaHidden = 'true';
  bar.hidden = true;
  words.role = 'status';
  root.append(box, canvas, slot, bar, words);
  let held: HTMLElement = box;
  const observer = new ResizeObserver(() => {
    const { offsetTop, offsetLeft, offsetWidth, offsetHeight } = held;
    const inset = `${offsetTop}px auto auto ${offsetLeft}px`;
    Object.assign(canvas.style, { inset, width: `${offsetWidth}px`, height: `${offsetHeight}px` });
  });
  return {
    slot,
    frame: (given) => {
      root.adoptedStyleSheets = allSheets().slice(0, given ? 1 : 2);
      observer.disconnect();
      held = given ?? box;
      observer.observe(held);
    },
    shape: (width, height) => {
      Object.assign(box.style, { gridTemplateColumns: `minmax(0,${width}px)`, aspectRatio: `${width} / ${height}` });
    },
    blur: (thumbhash, color) => {
      canvas.style.backgroundColor = color ?? '';
      paint(canvas, thumbhash === null ? null : thumbPixels(thumbhash));
    },
    progress: (value) => {
      bar.hidden = value === null;
      bar.style.transform = `scaleX(${value ?? 0})`;
    },
    veil: (isVeiled, fades) => veil(slot, isVeiled, fades),
    say: (message, retry = null) => {
      words.replaceChildren();
      if (message !== null) words.append(withText(element('p', 'message'), message));
      if (retry !== null) words.append(retryButton(retry));
    },
  };
}

function allSheets(): readonly CSSStyleSheet[] {
  sheets ??= [styles, frameStyles].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  return sheets;
}

/** Once it is there it is shown: what an animation adds is gone with it, and where there is none nothing is missing. */
function veil(slot: HTMLSlotElement, isVeiled: boolean, fades: boolean): void {
  const [image] = slot.assignedElements() as HTMLElement[];
  if (!image) return;
  // Not by a rule for what is slotted: Chromium forgets to look at those again where an animation was.
  image.style.opacity = isVeiled ? '0' : '';
  if (isVeiled || !fades || matchMedia('(prefers-reduced-motion)').matches) return;
  image.animate?.({ opacity: [0, 1] }, 400);
}

function retryButton(retry: () => void): HTMLButtonElement {
  const button = withText(element('button', 'retry'), 'Try again');
  button.type = 'button';
  button.onclick = retry;
  return button;
}

function paint(canvas: HTMLCanvasElement, pixels: Uint8ClampedArray<ArrayBuffer> | null): void {
  canvas.width = thumbEdge;
  canvas.height = thumbEdge;
  if (pixels !== null) canvas.getContext('2d')?.putImageData(new ImageData(pixels, thumbEdge), 0, 0);
}

/** Its name is its class here, and its part for the page's own styles. */
function element<Name extends keyof HTMLElementTagNameMap>(tag: Name, name: string): HTMLElementTagNameMap[Name] {
  const made = document.createElement(tag);
  made.className = name;
  made.part.add(name);
  return made;
}

function withText<Node extends HTMLElement>(node: Node, text: string): Node {
  node.textContent = text;
  return node;
}

import type { PictureFormat } from './picture-parameters';
import { attributeOf, type Tag } from './tag';

/** A picture as a page shows it. */
export interface ShownPicture {
  readonly src: string;
  readonly srcset: string;
  readonly width: number;
  readonly height: number;
  readonly thumbhash: string | null;
  readonly color: string | null;
}

/** How a picture that is there is shown in one page. */
export type Show = (fingerprint: string, format: PictureFormat) => ShownPicture | null;

/** A text in the place of what stands from `start` to `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Attributes = readonly (readonly [name: string, value: string])[];

/** What to change in a page so that a tag shows its picture; nothing where it does. */
export function editsFor(tag: Tag, picture: ShownPicture): readonly Edit[] {
  return tag.name === 'flux-image' ? elementEdits(tag, picture) : imageEdits(tag, picture);
}

export function edited(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: replacement } of edits.toSorted((one, other) => one.start - other.start)) {
    parts.push(text.slice(at, start), replacement);
    at = end;
  }
  return [...parts, text.slice(at)].join('');
}

function imageEdits(tag: Tag, picture: ShownPicture): readonly Edit[] {
  const marks = [
    ['data-flux-thumbhash', picture.thumbhash],
    ['data-flux-color', picture.color],
  ] as const;
  return [
    ...set(tag, [...sourceOf(tag, picture), ...given(marks)]),
    ...setIfAbsent(tag, [...sizeOf(tag, picture), ...mannersOf(tag, picture)]),
  ].reduce(joined, []);
}

/** The `<img>` inside has the picture: it is there without scripts, too, and the element shows it as it is. */
function elementEdits(tag: Tag, picture: ShownPicture): readonly Edit[] {
  const marks = [
    ['thumbhash', picture.thumbhash],
    ['color', picture.color],
  ] as const;
  const own = attributeOf(tag, 'src') === undefined ? [] : sourceOf(tag, picture);
  const edits = [...set(tag, [...own, ...given(marks)]), ...setIfAbsent(tag, sizeOf(tag, picture))];
  return [...edits.reduce(joined, []), ...insideEdits(tag, picture)];
}

function insideEdits(tag: Tag, picture: ShownPicture): readonly Edit[] {
  const { image, content, syntax } = tag;
  const said = elementSays(tag, picture);
  const others = [...said].filter(([name]) => name === 'alt' || name === 'fetchpriority');
  const size = [...said].filter(([name]) => name === 'width' || name === 'height');
  if (image !== null) {
    const isTold = (name: string) => said.has(name) || (name === 'sizes' && hasUsualSizes(image));
    const rest = [...size, ...others, ...mannersOf(tag, picture)];
    const told = rest.filter(([name]) => isTold(name) || attributeOf(image, name) === undefined);
    return set(image, [...sourceOf(image, picture), ...told]).reduce(joined, []);
  }
  const alt = said.has('alt') ? [] : [['alt', ''] as const];
  const attributes = [...sourceOf(tag, picture), ...size, ...alt, ...others, ...mannersOf(tag, picture)];
  const written = attributes.map(([name, value]) => ` ${attributeText(name, value)}`).join('');
  const made = `<img${written}${syntax === 'jsx' ? ' />' : '>'}`;
  if (content !== null) return [{ start: content.start, end: content.start, text: made }];
  return [{ start: tag.attributesEnd, end: tag.end, text: `>${made}</flux-image>` }];
}

/** What is said of the element is said of the image inside it, as its script has it, whoever wrote that image. */
function elementSays(tag: Tag, picture: ShownPicture): ReadonlyMap<string, string> {
  const own = ['alt', 'sizes', 'loading', 'fetchpriority', 'width', 'height'].flatMap((name) => {
    const value = attributeOf(tag, name)?.value;
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  return new Map([...sizeOf(tag, picture), ...own]);
}

/** Those that were put in, maybe for another width. */
function hasUsualSizes(image: Tag): boolean {
  return /^\(max-width: (\d+)px\) 100vw, \1px$/.test(attributeOf(image, 'sizes')?.value ?? '');
}

function sourceOf({ syntax }: Tag, { src, srcset }: ShownPicture): Attributes {
  return [
    ['src', src],
    [syntax === 'jsx' ? 'srcSet' : 'srcset', srcset],
  ];
}

/** Either both are the picture's or none is: one of a page's own goes with a style of its own. */
function sizeOf(tag: Tag, { width, height }: ShownPicture): Attributes {
  const isSized = ['width', 'height'].some((name) => attributeOf(tag, name) !== undefined);
  return isSized && tag.name === 'img'
    ? []
    : [
        ['width', String(width)],
        ['height', String(height)],
      ];
}

/** How a browser is to load it, where the tag does not say. */
function mannersOf(tag: Tag, { width }: ShownPicture): Attributes {
  const of = (name: string) => attributeOf(tag, name)?.value;
  const shownWidth = Number(attributeOf(tag, 'width')?.value ?? width) || width;
  return [
    ['sizes', of('sizes') ?? `(max-width: ${shownWidth}px) 100vw, ${shownWidth}px`],
    ['loading', of('loading') ?? 'lazy'],
    ['decoding', 'async'],
  ];
}

function given(marks: readonly (readonly [string, string | null])[]): Attributes {
  return marks.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}

function set(tag: Tag, attributes: Attributes): readonly Edit[] {
  return attributes.flatMap(([name, value]) => {
    const present = attributeOf(tag, name.toLowerCase());
    if (present?.value === value) return [];
    const text = attributeText(name, value);
    if (present !== undefined) return [{ start: present.start, end: present.end, text }];
    return [{ start: tag.attributesEnd, end: tag.attributesEnd, text: ` ${text}` }];
  });
}

function setIfAbsent(tag: Tag, attributes: Attributes): readonly Edit[] {
  return set(
    tag,
    attributes.filter(([name]) => attributeOf(tag, name) === undefined),
  );
}

/** Additions to one place are one. */
function joined(edits: readonly Edit[], edit: Edit): readonly Edit[] {
  const last = edits.find(({ start, end }) => start === edit.start && end === edit.end && start === end);
  if (last === undefined) return [...edits, edit];
  return edits.map((other) => (other === last ? { ...other, text: other.text + edit.text } : other));
}

/** Such that HTML and JSX read the same. */
function attributeText(name: string, value: string): string {
  return `${name}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')}"`;
}

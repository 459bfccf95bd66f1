import {
  type PictureFormat,
  type PictureParameters,
  parametersSchema,
  pictureFormats,
  seedOfPrompt,
  usual,
} from './picture-parameters';
import { attributeOf, type Tag, type TagAttribute, wantsPicture } from './tag';

/** A picture that a tag asks for. */
export interface WantedPicture {
  readonly tag: Tag;
  readonly parameters: PictureParameters;
  readonly format: PictureFormat;
}

/** What is wrong with a tag, and where in the page. */
export interface TagIssue {
  readonly offset: number;
  readonly message: string;
}

const numberNames = ['seed', 'width', 'height', 'steps', 'guidance'] as const;
const accepted: Readonly<Record<(typeof numberNames)[number], string>> = {
  seed: 'a whole number from 0 to 4294967295',
  width: 'a whole number from 64 to 4096 pixels',
  height: 'a whole number from 64 to 4096 pixels',
  steps: 'a whole number from 1 to 50',
  guidance: 'a number from 1.5 to 10',
};
/** What may stand on an `<img>` behind `data-flux-`. */
const imageNames: readonly string[] = ['prompt', ...numberNames, 'format', 'thumbhash', 'color'];
const template = /\{\{|\{%|<%|\$\{/;

/** Reads a tag's picture, or tells all that is wrong with it. */
export function wantedPicture(tag: Tag): WantedPicture | readonly TagIssue[] {
  const attributes = parameterAttributes(tag);
  const issues = [...shapeIssues(tag), ...[...attributes].flatMap(([name, given]) => issuesOf(name, given))];
  const prompt = attributes.get('prompt')?.value ?? '';
  if (issues.length > 0) return issues;
  const format = pictureFormats.find((candidate) => candidate === attributes.get('format')?.value?.trim());
  const numbers = numberNames.flatMap((name) => {
    const text = attributes.get(name)?.value;
    return text === undefined || text === null ? [] : [[name, Number(text)] as const];
  });
  const { format: usualFormat, ...sizes } = usual;
  const parameters = { prompt, seed: seedOfPrompt(prompt), ...sizes, ...Object.fromEntries(numbers) };
  return { tag, parameters: parametersSchema.parse(parameters), format: format ?? usualFormat };
}

/** A bare image's width and height are how large it is shown, too: `data-flux-width` tells the two apart. */
function parameterAttributes(tag: Tag): ReadonlyMap<string, TagAttribute> {
  const isElement = tag.name === 'flux-image';
  const prefix = isElement ? '' : 'data-flux-';
  const named = ['prompt', ...numberNames, 'format'].map((name) => [name, attributeOf(tag, prefix + name)] as const);
  const hasOwnSize = named.some(([name, given]) => given !== undefined && (name === 'width' || name === 'height'));
  const found = named.map(([name, given]) => {
    const isShown = !isElement && !hasOwnSize && (name === 'width' || name === 'height');
    return [name, isShown ? attributeOf(tag, name) : given] as const;
  });
  return new Map(found.flatMap(([name, given]) => (given === undefined ? [] : [[name, given] as const])));
}

function shapeIssues(tag: Tag): readonly TagIssue[] {
  const at = (message: string, offset = tag.start) => ({ offset, message });
  const attributes = parameterAttributes(tag);
  const [width, height] = [attributes.get('width'), attributes.get('height')];
  const unknown = tag.attributes.filter(
    ({ name }) => tag.name === 'img' && /^data-flux-/.test(name) && !imageNames.includes(name.slice(10)),
  );
  return [
    ...(attributes.has('prompt') || hasSource(tag) ? [] : [at('It names no prompt.')]),
    ...(tag.name === 'flux-image' && tag.isUnclosed ? [at('It is not closed: write </flux-image> behind it.')] : []),
    ...(tag.image !== null && wantsPicture(tag.image)
      ? [at('It has a picture inside that has a prompt, too: give it to one of them.')]
      : []),
    ...((width === undefined) === (height === undefined)
      ? []
      : [at('Give both a width and a height, or neither for 1024x1024.', (width ?? height)?.start)]),
    ...unknown.map(({ name, start }) =>
      at(`${name} is not known: expected ${imageNames.map((known) => `data-flux-${known}`).join(', ')}.`, start),
    ),
  ];
}

/** A `<flux-image>` that shows a picture that is there already. */
export function hasSource(tag: Tag): boolean {
  return attributeOf(tag, 'src') !== undefined || (tag.image !== null && attributeOf(tag.image, 'src') !== undefined);
}

function issuesOf(name: string, { value, start }: TagAttribute): readonly TagIssue[] {
  const at = (message: string) => [{ offset: start, message }];
  if (value === null) return at(`The ${name} is an expression: prerendering takes plain text alone.`);
  if (template.test(value)) return at(`The ${name} is a template: prerender the pages that are made of it.`);
  if (name === 'prompt') {
    if (value.trim() === '') return at('The prompt is empty.');
    return value.isWellFormed() && value.length <= 32_000
      ? []
      : at('The prompt is no text of at most 32,000 characters.');
  }
  if (name === 'format') {
    const isKnown = pictureFormats.some((format) => format === value.trim());
    return isKnown ? [] : at(`The format "${shown(value)}" is not known: expected ${pictureFormats.join(', ')}.`);
  }
  const number = numberNames.find((candidate) => candidate === name);
  if (number === undefined) return [];
  const isNumber = /^\s*\d{1,10}(\.\d{1,10})?\s*$/.test(value);
  if (isNumber && parametersSchema.shape[number].safeParse(Number(value)).success) return [];
  return at(`The ${name} "${shown(value)}" is not right: expected ${accepted[number]}.`);
}

const shown = (value: string) => (value.length > 40 ? `${value.slice(0, 40)}…` : value);

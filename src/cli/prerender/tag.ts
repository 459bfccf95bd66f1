/** An attribute as it stands in a page. */
export interface TagAttribute {
  /** In lower case. */
  readonly name: string;
  /** With its entities decoded; null where only a program knows it, as of `{an expression}` in MDX. */
  readonly value: string | null;
  readonly start: number;
  readonly end: number;
}

/** An element's start tag and where it stands: offsets into the page's text. */
export interface Tag {
  /** In lower case. */
  readonly name: string;
  /** What its page is written in: JSX spells some attributes otherwise. */
  readonly syntax: 'html' | 'jsx';
  readonly attributes: readonly TagAttribute[];
  readonly start: number;
  /** Behind its `>`. */
  readonly end: number;
  /** Behind its last attribute, or its name: where one more attribute goes. */
  readonly attributesEnd: number;
  /** From its `>` to its end tag; null where it has none. */
  readonly content: { readonly start: number; readonly end: number } | null;
  /** Whether an end tag is missing: all that follows would be inside it. */
  readonly isUnclosed: boolean;
  /** The first `<img>` right inside it. */
  readonly image: Tag | null;
}

export function attributeOf({ attributes }: Tag, name: string): TagAttribute | undefined {
  return attributes.find((attribute) => attribute.name === name);
}

/** Whether a tag stands for a picture that is to be made. */
export function wantsPicture(tag: Tag): boolean {
  return tag.name === 'flux-image' || (tag.name === 'img' && attributeOf(tag, 'data-flux-prompt') !== undefined);
}

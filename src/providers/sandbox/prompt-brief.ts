import type { Prompt } from '../../core/image-request';
import { isJsonObject, isWithinDepth, type Json } from '../../core/json';
import { type Colour, normalColour } from './colour';
import { plainText } from './plain-text';
import { type NamedString, stringsIn } from './prompt-strings';
import { quotedTexts } from './quotes';

/** What the sandbox understands of a prompt. */
export interface PromptBrief {
  /** Texts to be set in type: the first is the headline. */
  readonly lettering: readonly string[];
  readonly colours: readonly Colour[];
  /** The prompt as one line, for the caption. */
  readonly caption: string;
}

/** Reads a prompt: text, a JSON object, or text that is JSON. */
export function readPrompt(prompt: Prompt): PromptBrief {
  const value = typeof prompt === 'string' ? (parsedPrompt(prompt) ?? prompt) : prompt;
  const strings = stringsIn(value).map(({ key, text }) => ({ key, text: plainText(text) }));
  const texts = strings.map(({ text }) => text);
  return {
    lettering: unique(strings.flatMap(letteringIn)).slice(0, mostLettering),
    colours: unique(texts.flatMap(coloursIn)).slice(0, mostColours),
    caption: texts
      .map((text) => text.replace(/\s+/g, ' ').trim())
      .filter(Boolean)
      .join(' · '),
  };
}

const mostLettering = 8;
const mostColours = 10;

function parsedPrompt(text: string): Prompt | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    const value: Json = JSON.parse(text);
    return isJsonObject(value) && isWithinDepth(value) ? { ...value } : null;
  } catch {
    // Not JSON after all: it is a text that starts with a brace.
    return null;
  }
}

/** Under these keys of a JSON prompt the whole string is lettering, quoted or not. */
const letteringKey =
  /^(text|texts|headline|heading|title|subtitle|tagline|slogan|copy|lettering|typography_text|quote)$/i;

function letteringIn({ key, text }: NamedString): readonly string[] {
  const quoted = quotedTexts(text);
  if (quoted.length > 0 || !letteringKey.test(key)) return quoted;
  return text.trim() === '' ? [] : [text.trim()];
}

function coloursIn(text: string): readonly Colour[] {
  return (text.match(/#(?:[0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-z])/gi) ?? []).map(normalColour);
}

const unique = <T>(items: readonly T[]): readonly T[] => [...new Set(items)];

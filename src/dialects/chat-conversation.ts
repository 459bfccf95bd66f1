import { Fault } from '../core/fault';
import type { ReferenceSource } from '../core/order';
import type { Message, Part } from './chat-schema';
import { referenceOf } from './fields';

type Field = readonly (string | number)[];
interface Turn {
  readonly role: Message['role'];
  readonly text: string;
  readonly pictures: readonly ReferenceSource[];
}

/** What a conversation asks for. */
export interface Conversation {
  readonly prompt: string;
  readonly references: readonly ReferenceSource[];
}

/**
 * Reads a conversation as its user sees it. The last picture that was answered holds all that came before it: it is the
 * first reference, and what the user wrote and showed after it is what to do with it. System texts stand before that.
 * @throws Fault naming the message at fault.
 */
export function readConversation(messages: readonly Message[], origin: string): Conversation {
  const turns = messages.map((message, index) => readTurn(message, ['messages', index], origin));
  const answered = turns.findLastIndex(({ role, pictures }) => role === 'assistant' && pictures.length > 0);
  const open = turns.slice(Math.max(0, answered));
  const instructions = turns.filter(({ role }) => role === 'system' || role === 'developer');
  const requests = open.filter(({ role }) => role === 'user');
  if (requests.every(({ text }) => isBlank(text))) {
    throw Fault.ofField(
      ['messages'],
      'expected a message of the user with text, after the last picture if there is one.',
    );
  }
  const texts = [...instructions, ...requests].map(({ text }) => text).filter((text) => !isBlank(text));
  return { prompt: texts.join('\n\n'), references: open.flatMap(({ pictures }) => pictures) };
}

function readTurn(message: Message, field: Field, origin: string): Turn {
  const { role, content } = message;
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
  const texts = parts.filter(isText).map(({ text }) => text ?? '');
  return { role, text: texts.join('\n'), pictures: picturesIn({ message, parts, texts, field, origin }) };
}

interface Reading {
  readonly message: Message;
  readonly parts: readonly Part[];
  readonly texts: readonly string[];
  readonly field: Field;
  readonly origin: string;
}

function picturesIn(reading: Reading): readonly ReferenceSource[] {
  switch (reading.message.role) {
    case 'user':
      return reading.parts.flatMap((part, index) => userPicture(part, [...reading.field, 'content', index]));
    case 'assistant':
      return answeredPictures(reading);
    default:
      return [];
  }
}

function userPicture(part: Part, field: Field): ReferenceSource[] {
  if (isText(part)) return [];
  if (!isPicture(part)) {
    throw Fault.ofField([...field, 'type'], 'expected "text" or "image_url": this model reads texts and pictures.');
  }
  if (part.image_url === null || part.image_url === undefined) {
    throw Fault.ofField([...field, 'image_url'], 'expected an object with the url of a picture.');
  }
  return [referenceOf(urlOf(part.image_url), [...field, 'image_url'])];
}

/** A client sends an answer back whole, or only its text: the same picture is in `images` and in the text, so one counts. */
function answeredPictures({ message, parts, texts, field, origin }: Reading): readonly ReferenceSource[] {
  if (message.images.length > 0) {
    return message.images.map(({ image_url: url }, index) => referenceOf(urlOf(url), [...field, 'images', index]));
  }
  const shown = parts.flatMap((part, index) => {
    const url = isPicture(part) ? part.image_url : null;
    return url === null || url === undefined ? [] : [referenceOf(urlOf(url), [...field, 'content', index])];
  });
  if (shown.length > 0) return shown;
  return markdownPictures(texts.join('\n'), origin).map((url) => referenceOf(url, [...field, 'content']));
}

/** Of the pictures in a text those that we made, or that it holds itself: others may be anything, and long gone. */
function markdownPictures(text: string, origin: string): string[] {
  const urls = [...text.matchAll(/!\[[^\]]*\]\(([^\s)]+)\)/g)].map(([, url = '']) => url);
  return urls.filter((url) => url.startsWith(`${origin}/`) || url.startsWith('data:image/'));
}

const textTypes: readonly string[] = ['text', 'input_text', 'output_text'];
const pictureTypes: readonly string[] = ['image_url', 'input_image', 'output_image'];
const isText = ({ type }: Part) => textTypes.includes(type);
const isPicture = ({ type }: Part) => pictureTypes.includes(type);
const isBlank = (text: string) => text.trim() === '';
const urlOf = (image: NonNullable<Part['image_url']>) => (typeof image === 'string' ? image : image.url);

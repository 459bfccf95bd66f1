import { Fault } from '../core/fault';
import { isJsonObject, type JsonObject } from '../core/json';
import { parse } from '../core/parse';
import { type ImageConfig, imageConfig } from './chat-schema';

/** How to make the picture, and where a field of it stood. */
export interface ChatConfig {
  readonly config: ImageConfig;
  readonly placeOf: (name: string) => readonly string[];
}

const names = Object.keys(imageConfig.shape) as (keyof ImageConfig)[];

/**
 * What `image_config` holds (`own`, as it was read) together with those of its fields that stand beside the messages.
 * @throws Fault naming a field beside them that is wrong, or contradicts the one inside
 */
export function readConfig(body: unknown, own: ImageConfig): ChatConfig {
  const outside = sentIn(body);
  const inside = sentIn(isJsonObject(body) ? body.image_config : null);
  const beside = parse(imageConfig, outside);
  for (const name of names) {
    if (name in outside && name in inside && own[name] !== beside[name])
      throw Fault.ofField(name, `contradicts image_config.${name}: send one of them.`);
  }
  return {
    config: parse(imageConfig, { ...outside, ...inside }),
    placeOf: (name) => (name in outside && !(name in inside) ? [name] : ['image_config', name]),
  };
}

/** The fields that have a value. */
function sentIn(body: unknown): JsonObject {
  if (!isJsonObject(body)) return {};
  return Object.fromEntries(
    names.map((name) => [name, body[name] ?? null] as const).filter(([, value]) => value !== null),
  );
}

import type { WireRequest } from '../core/dialect';
import type { Order } from '../core/order';
import { bflOperations } from './bfl-wire';

const [create] = bflOperations({ prefix: '/i', formats: ['jpeg', 'png', 'webp'] });

/**
 * Reads what a signed link asks for: its parameters are named and mean what they do in BFL's API, defaults included,
 * so that the same picture by either is one picture.
 */
export function decodeLink(wire: WireRequest): Order {
  return create.decode(wire);
}

import * as z from 'zod';
import { Fault } from '../core/fault';
import { isJsonObject } from '../core/json';
import { type Documented, decimalNumber, wholeNumber } from './fields';

interface OtherNumber extends Documented {
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
  /** The field that it is another name of. */
  readonly own: string;
}

/** A number under the name that other APIs give it, also as text. Absent or null: null. */
export function otherNumber({ own, isWhole, description, canonical, min, max }: OtherNumber) {
  const number = isWhole ? wholeNumber : decimalNumber;
  return z
    .preprocess((value) => value ?? null, number({ min, max, canonical, default: min, description }).nullable())
    .meta({
      ...{ type: [isWhole ? 'integer' : 'number', 'null'], minimum: min, maximum: max, description },
      ...{ 'x-canonical': canonical, 'x-other-name-of': own },
    })
    .prefault(null);
}

/** A number as it was read, and the name of its field. */
interface Named<Value> {
  readonly name: string;
  readonly value: Value;
}

/** The number under the one name or the other. @throws Fault where both were sent and differ */
export function eitherNumber(sent: unknown, own: Named<number>, other: Named<number | null>): number {
  if (other.value === null) return own.value;
  const isOwnSent = isJsonObject(sent) && (sent[own.name] ?? null) !== null;
  if (!isOwnSent || own.value === other.value) return other.value;
  throw Fault.ofField(other.name, `contradicts ${own.name}: send one of them.`);
}

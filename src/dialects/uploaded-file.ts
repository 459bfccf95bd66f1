import type { WireFile, WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';

/** The file of a form's field. @throws Fault naming the field where it has none, or more than one. */
export function uploadedFile({ body }: WireRequest, name: string): WireFile {
  const fields = body.kind === 'form' ? body.fields : [];
  const [field, another] = fields.filter((candidate) => candidate.name === name);
  if (another !== undefined) throw Fault.ofField(name, 'expected once; it was sent again.');
  if (field === undefined || typeof field.value === 'string')
    throw Fault.ofField(name, 'expected a file in this field.');
  return field.value;
}

/** Any sign of Unicode, ASCII more often: fast-check's own unit `binary` takes a process most of a second to make. */
import { integer, oneof } from 'fast-check';

export const anySign = oneof(
  integer({ min: 0, max: 0x7f }),
  integer({ min: 0x80, max: 0xd7ff }),
  integer({ min: 0xe000, max: 0x10ffff }),
).map((point) => String.fromCodePoint(point));

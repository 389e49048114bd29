/** A message beyond its bound: refused before it is all in memory. */
import { sentFault } from './support.ts';

sentFault('huge body', { body: Buffer.alloc(2 * 1024 * 1024, 'e') }, 'mks-error');

/** A success that nobody has signed. */
import { message } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'unsigned success',
  (received) => ({ body: JSON.stringify(message(received)) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);

/** A success code under a failure’s status, unsigned. */
import { message } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'unsigned 0000 under 422',
  (received) => ({ status: 422, body: JSON.stringify(message(received)) }),
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);

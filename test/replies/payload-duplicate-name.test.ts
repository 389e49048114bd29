/** Two codes in one signed payload: two readers would see two answers. */
import { mkk } from '../mks/support.ts';
import { jws, message } from '../support/upstream.ts';
import { reply } from './support.ts';

reply(
  'response twice',
  (received) => {
    const { response, ...rest } = message(received, 'RP036');
    const text = JSON.stringify({ response, ...rest });
    const twice = text.replace('{', '{"response":{"responseCode":"0000"},');
    return { body: jws(twice, mkk.privateKey) };
  },
  'mks-untrusted-response',
  { outcome: 'unknown', used: true },
);

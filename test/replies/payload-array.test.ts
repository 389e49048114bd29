/** A signed array. */
import { mkk } from '../mks/support.ts';
import { jws } from '../support/upstream.ts';
import { reply } from './support.ts';

reply('signed array', () => ({ body: jws([], mkk.privateKey) }), 'mks-untrusted-response');

/** A signed text that is no JSON. */
import { mkk } from '../mks/support.ts';
import { jws } from '../support/upstream.ts';
import { reply } from './support.ts';

reply('signed text', () => ({ body: jws('tamam', mkk.privateKey) }), 'mks-untrusted-response');

/** A success in plain words. */
import { reply } from './support.ts';

reply('plain text', () => ({ body: 'tamam' }), 'mks-untrusted-response');

/** A success without a word. */
import { reply } from './support.ts';

reply('empty', () => ({ body: '' }), 'mks-untrusted-response');

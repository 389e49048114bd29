/** Not available, without a word: it may have gone through. */
import { reply } from './support.ts';

reply('503', () => ({ status: 503 }), 'mks-error');

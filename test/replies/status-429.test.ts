/** Too many requests. */
import { reply } from './support.ts';

reply('429', () => ({ status: 429, headers: { 'retry-after': '7' } }), 'mks-error', {
  outcome: 'refused',
});

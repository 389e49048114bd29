/** A JSON string around something that is no JWS. */
import { reply } from './support.ts';

reply('a JSON string', () => ({ body: '"0000"' }), 'mks-untrusted-response');

/** The gateway’s own code for no error, unsigned. */
import { reply } from './support.ts';

reply('unsigned OI000', () => ({ body: '{"responseCode":"OI000"}' }), 'mks-untrusted-response');

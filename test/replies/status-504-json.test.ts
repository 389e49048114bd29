/** A timeout behind the gateway: MKS may have taken the message in. */
import { reply } from './support.ts';

reply('504', () => ({ status: 504, body: '{"moreInformation":"timeout"}' }), 'mks-error');

/** A name that no name service knows. */
import { unsentFault } from './support.ts';

unsentFault('unknown host', async () => ({ baseUrl: 'https://mks.invalid' }));

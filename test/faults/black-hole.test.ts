/** The message is taken and nothing is ever said. */
import { sentFault } from './support.ts';

sentFault('black hole', () => undefined);

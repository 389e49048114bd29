/** The message is taken and nothing is ever said. */
import { blackHole } from '../support/endless-answers.ts';
import { sentFault } from './support.ts';

sentFault('black hole', blackHole);

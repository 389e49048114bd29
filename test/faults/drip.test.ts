/** A byte of the answer now and then: no idle timer would ever end it, the total deadline does. */
import { drip } from '../support/endless-answers.ts';
import { sentFault } from './support.ts';

sentFault('drip', drip);

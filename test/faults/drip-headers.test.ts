/** A byte of the head now and then. */
import { dripInHeaders } from '../support/endless-answers.ts';
import { sentFault } from './support.ts';

sentFault('drip in the headers', dripInHeaders);

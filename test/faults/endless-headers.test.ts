/** A head without an end: refused at its bound. */
import { endlessHeaders } from '../support/endless-answers.ts';
import { sentFault } from './support.ts';

sentFault('endless headers', endlessHeaders, 'mks-error');

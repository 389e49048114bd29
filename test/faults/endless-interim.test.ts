/** Interim answers without end: each is small, and no head ever grows too large. */
import { endlessInterim } from '../support/endless-answers.ts';
import { sentFault } from './support.ts';

sentFault('endless 103', endlessInterim, 'mks-error');

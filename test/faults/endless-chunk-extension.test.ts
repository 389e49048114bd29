/** A chunk's extension without end: no byte of the body ever comes of it. */
import { endlessChunkExtension } from '../support/endless-answers.ts';
import { sentFault } from './support.ts';

sentFault('endless chunk extension', endlessChunkExtension, 'mks-error');

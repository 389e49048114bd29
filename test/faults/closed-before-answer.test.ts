/** The connection is closed in good order, but without an answer. */
import { sentFault } from './support.ts';

sentFault('closed before the answer', (response) => void response.socket?.end());

/** The connection is reset after the message has come and before a byte of the answer. */
import { sentFault } from './support.ts';

sentFault('reset before the answer', (response) => void response.socket?.resetAndDestroy());

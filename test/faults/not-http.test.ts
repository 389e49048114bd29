/** What answers does not speak HTTP. */
import { sentFault } from './support.ts';

sentFault('not HTTP', ({ socket }) => void socket?.end('220 smtp.example.com ready\r\n'));

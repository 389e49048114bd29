/** A byte of the answer now and then: no idle timer would ever end it, the total deadline does. */
import { sentFault } from './support.ts';

sentFault('drip', (response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write('e'), 30);
  response.on('close', () => clearInterval(timer));
});

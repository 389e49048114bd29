/** The flags of Node that `npm start` gives a gateway. */
import { readFileSync } from 'node:fs';

const manifest = new URL('../../package.json', import.meta.url);
const { scripts } = JSON.parse(readFileSync(manifest, 'utf8')) as { scripts: { start: string } };

export const START_FLAGS = scripts.start.split(' ').filter((word) => word.startsWith('--'));

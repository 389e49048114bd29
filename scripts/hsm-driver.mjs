/** Builds what reaches keys in an HSM: npm run hsm-driver. Needs g++, make and python3. */
import { buildHsmDriver } from './setup/hsm-driver.mjs';
import { say } from './setup/system.mjs';

const failure = buildHsmDriver();
if (failure === undefined) say('pkcs11js is built: keys in an HSM can be reached');
else {
  say(`pkcs11js could not be built (g++, make and python3 are needed):\n${failure}`);
  process.exitCode = 1;
}

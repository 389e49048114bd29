/** Some of a member's kept checks, by which the sealing keys are tried. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endsOf, type SealedSample, type Sampler } from '../../state/samples.ts';
import { filesOf, isMissing } from './files.ts';
import { checksFolder, parseRecordFile, purposeOf } from './names.ts';

export const sampleChecks: Sampler = async ({ dataDir }, memberCode) => {
  const folder = join(checksFolder(dataDir), memberCode);
  // Their names begin with the time at which they were made.
  const files = (await filesOf(folder)).filter((file) => parseRecordFile(file) !== undefined);
  const found = endsOf(files.toSorted()).map(async (file): Promise<SealedSample[]> => {
    const purpose = purposeOf(parseRecordFile(file)?.id ?? '');
    try {
      return [{ memberCode, purpose, sealed: await readFile(join(folder, file), 'utf8') }];
    } catch (error) {
      // It was let go of in the meantime.
      if (isMissing(error)) return [];
      throw error;
    }
  });
  return (await Promise.all(found)).flat();
};

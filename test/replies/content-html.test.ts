/** A page where a file is due, under a file’s content type. */
import { CONTENT } from '../mks/support.ts';
import { reply } from './support.ts';

reply(
  'a page for a file',
  () => ({
    headers: { 'content-type': 'application/octet-stream' },
    body: '\n <!DOCTYPE html><html>secret',
  }),
  'mks-error',
  { outcome: 'unknown' },
  CONTENT,
);

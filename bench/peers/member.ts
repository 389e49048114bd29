/** The sandbox's first member, for peers that speak to MKS by hand: its keys and its words, from the environment. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Member {
  memberCode: string;
  userCode: string;
  passwordFile: string;
  signingKeyFile: string;
}

const { MKS_MEMBERS_FILE = '' } = process.env;
const { members } = JSON.parse(readFileSync(MKS_MEMBERS_FILE, 'utf8')) as { members: Member[] };
const [member] = members;
if (member === undefined) throw new Error('there is no member');
const { memberCode, userCode, passwordFile, signingKeyFile } = member;
const fileOf = (name: string) => readFileSync(join(dirname(MKS_MEMBERS_FILE), name), 'utf8').trim();

/** In PEM. */
export const key = fileOf(signingKeyFile);

/** Of each message, with a reference of its own. */
export const header = () => ({
  senderReference: randomUUID(),
  senderMember: memberCode,
  sender: userCode,
});

/** The body of a login. */
export const login = () => ({
  requestHeader: header(),
  username: userCode,
  password: fileOf(passwordFile),
});

/** Of a request that bears a signed message. */
export const headersWith = (token: string) => ({
  authorization: `Bearer ${token}`,
  sender: memberCode,
  'content-type': 'text/plain',
});

/**
 * Time stamps of RFC 3161: what is asked for, and what a token proves.
 *
 * CMS and the path of certificates are PKI.js's work. Added is what a time stamp asks for beyond them and
 * that library leaves out: one signer, a certificate for time stamps alone, named in what it signed.
 */
import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

/** What a stamp says, and who says it. */
export interface Stamp {
  /** Wall ms of the authority. */
  time: number;
  /** Subject of its certificate, on one line. */
  authority: string;
  /** SHA-256 of its certificate, as tools show it. */
  fingerprint: string;
}

/**
 * `refused`: the authority gave none. `unreadable`: no time stamp. `unfit`: one of other bytes.
 * `bad`: its signature does not hold. `untrusted`: a good one, but of nobody who is trusted.
 */
export type StampFault = 'refused' | 'unreadable' | 'unfit' | 'bad' | 'untrusted';

export class StampError extends Error {
  override readonly name = 'StampError';
  readonly fault: StampFault;

  constructor(fault: StampFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

const SHA256 = '2.16.840.1.101.3.4.2.1';
/** Digests that a signature may rest on: SHA-256, SHA-384, SHA-512. */
const DIGESTS = new Map([
  [SHA256, 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
/** RFC 2634 with SHA-1, RFC 5035 with any digest. */
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

/** A question and what its answer is known by. */
export interface StampRequest {
  /** DER of a TimeStampReq (RFC 3161 §2.4.1). */
  bytes: Buffer;
  /** Nobody else's answer bears it: an older one cannot be played again. */
  nonce: Buffer;
}

/** Asks for a stamp of the SHA-256 of these bytes, with the authority's certificate in it. */
export function stampRequest(data: Uint8Array): StampRequest {
  const nonce = randomBytes(16);
  // A positive integer whose first byte is no padding, so that it comes back as the same bytes.
  nonce.writeUInt8((nonce.readUInt8() & 0x3f) | 0x40);
  const request = new pkijs.TimeStampReq({
    version: 1,
    messageImprint: new pkijs.MessageImprint({
      hashAlgorithm: new pkijs.AlgorithmIdentifier({
        algorithmId: SHA256,
        algorithmParams: new asn1js.Null(),
      }),
      hashedMessage: new asn1js.OctetString({ valueHex: sha256(data) }),
    }),
    nonce: new asn1js.Integer({ valueHex: nonce }),
    certReq: true,
  });
  return { bytes: Buffer.from(request.toSchema().toBER()), nonce };
}

/**
 * Takes the token out of an answer; what it proves is `proveStamp`'s to say.
 * @param reply DER of a TimeStampResp (RFC 3161 §2.4.2).
 * @throws StampError `refused`, `unreadable`, `unfit` for the answer to another question.
 */
export function tokenOf(reply: Uint8Array, { nonce }: StampRequest): Buffer {
  const { status, timeStampToken } = read(() => pkijs.TimeStampResp.fromBER(reply));
  // Granted, or granted with changes, which then shows in what is proved.
  if (![pkijs.PKIStatus.granted, pkijs.PKIStatus.grantedWithMods].includes(status.status)) {
    const said = status.statusStrings?.map((text) => text.valueBlock.value).join('; ') ?? '';
    throw new StampError('refused', `the authority gave no stamp (${status.status}) ${said}`);
  }
  const token = read(() => Buffer.from((timeStampToken as pkijs.ContentInfo).toSchema().toBER()));
  const told = open(token).info.nonce?.valueBlock.valueHexView ?? new Uint8Array();
  if (!nonce.equals(told)) throw new StampError('unfit', 'the stamp answers another question');
  return token;
}

/**
 * Holds a token against the bytes that it stamps (RFC 3161 §2.2, §2.3, RFC 5652 §5.6, RFC 5816), at the
 * time that it says: that its certificate has ended since does not matter.
 * @param trusted who may vouch for the authority; undefined: the certificate that it brings is believed.
 * @throws StampError `unreadable`, `unfit`, `bad`, `untrusted`.
 */
export async function proveStamp(
  token: Uint8Array,
  data: Uint8Array,
  trusted: readonly X509Certificate[] | undefined,
): Promise<Stamp> {
  const { signed, info } = open(token);
  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  const isOfData =
    hashAlgorithm.algorithmId === SHA256 &&
    sha256(data).equals(hashedMessage.valueBlock.valueHexView);
  if (!isOfData) throw new StampError('unfit', 'the stamp is one of other bytes');
  const certificate = await proveSignature(signed, data);
  checkSigner(signed, certificate);
  if (trusted !== undefined) await checkPath(signed, data, trusted);
  const { subject, fingerprint256 } = new X509Certificate(derOf(certificate));
  const authority = subject.replaceAll('\n', ', ');
  return { time: info.genTime.getTime(), authority, fingerprint: fingerprint256 };
}

interface Opened {
  signed: pkijs.SignedData;
  info: pkijs.TSTInfo;
}

function open(token: Uint8Array): Opened {
  return read(() => {
    const { content } = pkijs.ContentInfo.fromBER(token);
    const signed = new pkijs.SignedData({ schema: content });
    const { eContentType, eContent } = signed.encapContentInfo;
    if (eContentType !== TST_INFO || eContent === undefined) throw new TypeError('no TSTInfo');
    return { signed, info: pkijs.TSTInfo.fromBER(eContent.getValue()) };
  });
}

/** @returns the certificate whose key signed. */
async function proveSignature(
  signed: pkijs.SignedData,
  data: Uint8Array,
): Promise<pkijs.Certificate> {
  const found = await verify(signed, data, {});
  if (found.signatureVerified !== true || !found.signerCertificate) {
    throw new StampError('bad', 'the signature of the stamp does not hold');
  }
  return found.signerCertificate;
}

async function checkPath(
  signed: pkijs.SignedData,
  data: Uint8Array,
  trusted: readonly X509Certificate[],
): Promise<void> {
  const trustedCerts = trusted.map(({ raw }) => pkijs.Certificate.fromBER(raw));
  const found = await verify(signed, data, { checkChain: true, trustedCerts });
  if (found.signerCertificateVerified === true) return;
  throw new StampError('untrusted', 'nobody who is trusted vouches for the stamp');
}

/** What PKI.js finds; a finding is thrown there, and given here. */
async function verify(
  signed: pkijs.SignedData,
  data: Uint8Array,
  path: { checkChain?: boolean; trustedCerts?: pkijs.Certificate[] },
): Promise<Partial<pkijs.SignedDataVerifyResult>> {
  try {
    const bytes = new Uint8Array(data).buffer;
    return await signed.verify({ signer: 0, data: bytes, ...path, extendedMode: true });
  } catch (error) {
    if (error instanceof pkijs.SignedDataVerifyError) return error;
    throw error;
  }
}

/** RFC 3161 §2.3 and §2.4.2: who may sign, and that the signature names him. */
function checkSigner(signed: pkijs.SignedData, certificate: pkijs.Certificate): void {
  const [signer, second] = signed.signerInfos;
  const attributes = signer?.signedAttrs?.attributes ?? [];
  const usage = certificate.extensions?.find(({ extnID }) => extnID === EXTENDED_KEY_USAGE);
  const purposes = (usage?.parsedValue as Partial<pkijs.ExtKeyUsage> | undefined)?.keyPurposes;
  const told = attributes.find(({ type }) => type === CONTENT_TYPE)?.values[0] as unknown;
  const isRight =
    signer !== undefined &&
    second === undefined &&
    DIGESTS.has(signer.digestAlgorithm.algorithmId) &&
    told instanceof asn1js.ObjectIdentifier &&
    told.getValue() === TST_INFO &&
    usage?.critical === true &&
    purposes?.join() === TIME_STAMPING &&
    attributes.some((attribute) => names(attribute, certificate));
  if (!isRight) {
    throw new StampError('bad', 'the stamp is not signed as a time stamp has to be');
  }
}

/** Whether the attribute names the certificate by its digest, as the first of those it names. */
function names({ type, values }: pkijs.Attribute, certificate: pkijs.Certificate): boolean {
  if (type !== SIGNING_CERTIFICATE && type !== SIGNING_CERTIFICATE_V2) return false;
  // SigningCertificate → certs → ESSCertID → [hashAlgorithm,] certHash.
  const parts = partsOf(partsOf(partsOf(values[0])[0])[0]);
  const certHash = parts.find((part) => part instanceof asn1js.OctetString);
  const algorithm = parts[0] instanceof asn1js.Sequence ? partsOf(parts[0])[0] : undefined;
  const named =
    algorithm instanceof asn1js.ObjectIdentifier ? DIGESTS.get(algorithm.getValue()) : undefined;
  const otherwise = type === SIGNING_CERTIFICATE ? 'sha1' : 'sha256';
  if (certHash === undefined || (algorithm !== undefined && named === undefined)) return false;
  const digest = createHash(named ?? otherwise)
    .update(derOf(certificate))
    .digest();
  return digest.equals(certHash.valueBlock.valueHexView);
}

function partsOf(value: unknown): readonly unknown[] {
  return value instanceof asn1js.Sequence ? value.valueBlock.value : [];
}

function derOf(certificate: pkijs.Certificate): Buffer {
  return Buffer.from(certificate.toSchema(false).toBER());
}

/** What is no time stamp fails in many ways in there. */
function read<T>(take: () => T): T {
  try {
    return take();
  } catch (error) {
    throw new StampError('unreadable', 'this is no time stamp', { cause: error });
  }
}

function sha256(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}

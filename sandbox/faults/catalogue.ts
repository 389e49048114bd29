/** Every fault that can be armed: its name, when it strikes, and what it can be told. */
import type { ServiceName } from '../services/service.ts';

/**
 * - `receive`: before anything is looked at
 * - `instead`: takes the place of the processing, or of its answer with `processed: true`
 * - `process`: played by the service itself
 * - `archive`, `payload`, `signature`, `wire`: spoil a finished answer, the file or the JSON in it,
 *   its signature, or how it goes over the wire
 */
const STAGES = {
  receive: ['delay', 'reset-before', 'token-revoked'],
  instead: [
    ...(['unauthorized', 'code', 'unsigned-failure', 'html-500', 'xml-fault'] as const),
    'too-many-requests',
  ],
  process: ['wrong-login', 'unregistered-ip-reason'],
  archive: [
    ...(['truncated-archive', 'corrupted-archive', 'wrong-password', 'bomb'] as const),
    ...(['two-entries', 'path-in-name', 'not-a-zip', 'jws-as-octet-stream'] as const),
  ],
  payload: [
    ...(['unsigned-success', 'missing-sender-reference', 'no-ref-id'] as const),
    ...(['no-file-names', 'message-id-number', 'lifetime-number'] as const),
  ],
  signature: [
    ...(['wrong-signer', 'alg-none', 'hs256', 'tampered-payload', 'other-answer'] as const),
    ...(['json-string-jws', 'whitespace-jws', 'extra-header-fields'] as const),
    ...(['crit-header', 'b64-header', 'jwk-in-header'] as const),
  ],
  wire: [
    ...(['no-answer', 'reset-after', 'drip', 'empty-body', 'huge-body'] as const),
    ...(['endless-headers', 'connection-close', 'reset-midway'] as const),
  ],
} as const;

export type FaultStage = keyof typeof STAGES;
export type FaultNameOf<Stage extends FaultStage> = (typeof STAGES)[Stage][number];
export type FaultName = FaultNameOf<FaultStage>;

export interface Fault {
  name: FaultName;
  /** Strikes at this service only. */
  service?: ServiceName;
  /** Strikes at this member's messages only. */
  member?: string;
  /** How often it strikes: 1 unless told, -1 until cleared. */
  times?: number;
  /** Strikes at every message for so long by the sandbox's clock; `times` does not count then. */
  seconds?: number;
  /** Lets so many messages pass first that it could have struck. */
  skip?: number;
  /** delay: how long. */
  ms?: number;
  /** drip: how fast. */
  bytesPerSecond?: number;
  /** huge-body (64), bomb (256): how much. */
  megabytes?: number;
  /** unauthorized: 401 or 403. */
  status?: number;
  /** code (OI031), unsigned-failure (RP003), jws-as-octet-stream (BS040): which code. */
  code?: string;
  /** code, unsigned-failure: the HTTP status, 422 for RP and BS codes and 500 for others unless told. */
  httpStatus?: number;
  /** code: whether the answer is signed; RP and BS codes are unless told. */
  signed?: boolean;
  /** code: whether MKS was reached, so that a messageId is given and the reference used up. */
  messageId?: boolean;
  /** Faults that take the place of the processing: true lets it happen and hides its answer. */
  processed?: boolean;
}

const STAGE_OF = new Map<string, FaultStage>(
  (Object.keys(STAGES) as FaultStage[]).flatMap((stage) =>
    STAGES[stage].map((name): [string, FaultStage] => [name, stage]),
  ),
);

/** When the fault strikes; undefined for a name that does not exist. */
export function stageOf(name: string): FaultStage | undefined {
  return STAGE_OF.get(name);
}

/** Whether the fault is of this stage. */
export function isOf<Stage extends FaultStage>(
  stage: Stage,
  fault: Fault | undefined,
): fault is Fault & { name: FaultNameOf<Stage> } {
  return fault !== undefined && STAGE_OF.get(fault.name) === stage;
}

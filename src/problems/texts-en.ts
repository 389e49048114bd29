/** The problem catalogue's texts in English. */
import type { ProblemSlug, ProblemText } from './catalogue.ts';

function text(title: string, meaning: string, remedy: string): ProblemText {
  return { title, meaning, remedy };
}

export const problemTextsEnglish: Readonly<Record<ProblemSlug, ProblemText>> = {
  'invalid-request': text(
    'The request is not valid',
    'Something in the request does not follow its schema. Nothing was sent to MKS.',
    'Correct every mistake listed in `errors` and send the request again.',
  ),
  unauthorized: text(
    'An API key is needed',
    'The request bears no API key, or one that this gateway does not know.',
    'Send `Authorization: Bearer <key>` with a key from the operator of the gateway.',
  ),
  'member-forbidden': text(
    'This member is not yours',
    'The member that the request names is not known here, or you are not entitled to it.',
    'Name one of your members, or ask the operator of the gateway to add it to them.',
  ),
  'not-found': text(
    'There is nothing here',
    'The address is unknown, or what it names does not exist for you.',
    'Check the address and the identifier. Reports are removed some time after they expire.',
  ),
  'method-not-allowed': text(
    'The method is not allowed here',
    'The address exists, but not for this HTTP method.',
    'Use one of the methods that the `Allow` header lists.',
  ),
  'not-acceptable': text(
    'No acceptable format',
    'None of the formats named in `Accept` can be produced.',
    'Accept `application/json`, `application/x-ndjson` or `text/csv`.',
  ),
  conflict: text(
    'Not possible in the present state',
    'The request makes sense, but not in the state that things are in now.',
    'Read the state, wait if it is still changing, and decide anew. `Retry-After` says when.',
  ),
  'report-expired': text(
    'The report has expired',
    'The report was kept for its retention time and its contents are gone.',
    'Ask for a new report.',
  ),
  'payload-too-large': text(
    'The request is too large',
    'The body is longer than this operation accepts.',
    'Send less in one request.',
  ),
  'unsupported-media-type': text(
    'The body has an unsupported type',
    'The `Content-Type` or `Content-Encoding` is not read here: send plain UTF-8 `application/json`.',
    'Send uncompressed UTF-8 with `Content-Type: application/json`.',
  ),
  'idempotency-key-reused': text(
    'The idempotency key belongs to another request',
    'The same `Idempotency-Key` came before with a different body.',
    'Use a new key for a new request; repeat a request with its own key and body only.',
  ),
  'mks-rejected': text(
    'MKS refused the request',
    'MKS answered with a business code; its signature was verified. Nothing was carried out.',
    'Read `mks.code` and `hint`. `retryable` says whether the same request can succeed later.',
  ),
  'rate-limited': text(
    'Too many requests',
    'The requests that a caller has for the current minute are used up.',
    'Wait as long as `Retry-After` says.',
  ),
  internal: text(
    'Something went wrong inside',
    'The gateway met an error that it did not expect.',
    'Give `requestId` to the operator of the gateway; its log says more.',
  ),
  'mks-untrusted-response': text(
    'The answer cannot be trusted',
    'An answer came, but its signature, algorithm or reference does not hold. None of it is used.',
    "The operator has to check MKK's certificates and the network path. See `outcome`.",
  ),
  'mks-unreachable': text(
    'MKS cannot be reached',
    'No connection to MKS was made, so nothing was sent.',
    'Try again later; if it lasts, the operator has to check network, proxy, TLS and registered IPs.',
  ),
  'mks-error': text(
    'MKS answered with a technical failure',
    'The system in front of or behind MKS failed, or its answer is not a message.',
    'Try again later. If it lasts, give `mks.code` and `senderReference` to MKK.',
  ),
  'mks-login-refused': text(
    'MKK refused the login',
    'MKK does not accept the user or the password of the member.',
    'The operator has to check user and password; logins pause until the password file changes or the pause ends.',
  ),
  'mks-archive-invalid': text(
    'The downloaded file cannot be used',
    'The archive that MKS delivered is damaged or is not what was asked for; `reason` says how.',
    'Ask for a new report with `refresh`. If it happens again, tell the operator.',
  ),
  'outside-service-hours': text(
    'MKS is closed',
    'The request needs MKS, and its service hours have not begun.',
    'Come back at `opensAt`, or ask with `Prefer: respond-async` and let it start by itself.',
  ),
  overloaded: text(
    'The gateway is overloaded',
    'The gateway has more work than it can take on at the moment.',
    'Wait as long as `Retry-After` says.',
  ),
  'state-unavailable': text(
    'The state store cannot be reached',
    'Redis does not answer. Without a recorded reference nothing is sent to MKS.',
    'Wait as long as `Retry-After` says; if it lasts, the operator has to look after Redis.',
  ),
  'mks-unknown-outcome': text(
    'It is not known what became of the message',
    'The message was sent, but no complete answer came in time. MKS may or may not have taken it.',
    'Do not assume a refusal. Keep `senderReference`; it can settle the matter with MKK.',
  ),
  'storage-full': text(
    'No room for the report',
    'The disk of the gateway has no room for the contents of the report.',
    'The operator has to make room in the data directory; then ask again.',
  ),
};
